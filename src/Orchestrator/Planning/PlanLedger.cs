using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Pipeline.Contracts;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Results;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Planning;

/// <summary>What planning writes into the ledger.</summary>
internal sealed class PlanLedger(IDbContextFactory<LedgerContext> ledgers, TimeProvider time)
{
    /// <summary>Enters the job, its variants and its partition of predictions.</summary>
    public async Task AddJobAsync(Guid id, JobSpec spec, CancellationToken token)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        await using var transaction = await ledger.Database.BeginTransactionAsync(token);
        ledger.Jobs.Add(new JobRow
        {
            Id = id,
            Name = spec.Name,
            State = JobState.Planning,
            Spec = JsonSerializer.Serialize(spec, ContractsJson.Options),
            SubmittedAt = time.GetUtcNow(),
        });
        await ledger.SaveChangesAsync(token);
        ledger.Variants.AddRange(spec.Variants.Select((variant, index) =>
            new VariantRow { Job = id, Index = index, Name = variant.Name, Method = variant.Method, Hash = variant.Hash }));
        await ledger.SaveChangesAsync(token);

        // Attaching a finished table locks the parent against other such changes only, not against the ingest of other jobs.
        var partition = $"predictions_{id:N}";
        var statements = $"""
            CREATE TABLE {partition} (LIKE predictions INCLUDING ALL, CHECK (job = '{id:D}'));
            ALTER TABLE predictions ATTACH PARTITION {partition} FOR VALUES IN ('{id:D}');
            """;
#pragma warning disable EF1002 // A table's name cannot be a parameter; this one is a Guid.
        await ledger.Database.ExecuteSqlRawAsync(statements, token);
#pragma warning restore EF1002
        await transaction.CommitAsync(token);
    }

    /// <summary>Enters a batch of shards, waiting.</summary>
    public async Task AddShardsAsync(Guid job, int variants, IEnumerable<PlannedShard> shards, CancellationToken token)
    {
        var now = time.GetUtcNow();
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        ledger.Shards.AddRange(shards.Select(shard => new ShardRow
        {
            Job = job,
            Index = shard.Index,
            State = ShardState.Waiting,
            First = shard.First,
            Samples = shard.Samples,
            Expressions = shard.Expressions,
            Variants = variants,
            Slice = shard.Slice.Name,
            SliceSha256 = shard.Slice.Sha256,
            NotBefore = now,
        }));
        await ledger.SaveChangesAsync(token);
    }

    /// <summary>Lets a planned job run.</summary>
    /// <exception cref="InvalidOperationException">The job was stopped meanwhile.</exception>
    public async Task StartAsync(ResolvedJob job, int shards, CancellationToken token)
    {
        var fingerprint = JobFingerprint.Of(job);
        var borne = FailuresBorne(job.Spec.Failures, job.Expressions * job.Spec.Variants.Count);
        DateTimeOffset? now = time.GetUtcNow();
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        var started = await ledger.Jobs
            .Where(row => row.Id == job.Id && row.State == JobState.Planning)
            .ExecuteUpdateAsync(
                row => row
                    .SetProperty(r => r.State, JobState.Running)
                    .SetProperty(r => r.ManifestHash, job.ManifestHash)
                    .SetProperty(r => r.Fingerprint, fingerprint)
                    .SetProperty(r => r.Samples, job.Samples)
                    .SetProperty(r => r.Expressions, job.Expressions)
                    .SetProperty(r => r.Shards, shards)
                    .SetProperty(r => r.FailuresBorne, borne)
                    .SetProperty(r => r.StartedAt, now),
                token);
        if (started == 0)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Job {job.Id} was stopped while it was planned."));
    }

    /// <returns>Most failed predictions the job bears: the smaller of its two limits.</returns>
    internal static long FailuresBorne(FailureBudget budget, long predictions) =>
        Math.Min(budget.Count ?? long.MaxValue, (long)Math.Floor((decimal)budget.Percent * predictions / 100));
}
