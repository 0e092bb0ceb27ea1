using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Pipeline.Contracts;
using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Results;
using Pipeline.Orchestrator.Jobs;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Planning;

/// <summary>Adds variants to a finished job: a new round of shards over the same samples, for the new variants only.</summary>
internal sealed class VariantAddition(IDbContextFactory<LedgerContext> ledgers, IArtifactStore artifacts, TimeProvider time)
{
    /// <exception cref="KeyNotFoundException">The ledger has no such job.</exception>
    /// <exception cref="JobStateException">The job is not done.</exception>
    /// <exception cref="InvalidDataException">There is no variant to add, or one is there already, or it is a 'none' that the others could not be paired with any more.</exception>
    public async Task AddAsync(Guid id, IReadOnlyList<VariantSpec> variants, CancellationToken token)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        await using var transaction = await ledger.Database.BeginTransactionAsync(token);
        var row = await ledger.Jobs.FromSql($"SELECT * FROM jobs WHERE id = {id} FOR NO KEY UPDATE").AsNoTracking().SingleOrDefaultAsync(token) ?? throw JobStates.Unknown(id);
        if (row.State != JobState.Done)
            throw JobStates.Wrong(row, "variants are added to a job that is done");
        var before = await JobArtifact.ReadAsync(artifacts, id, row.Round, token);
        RequireNew(before.Spec.Variants, variants);

        // The lock on the job's row is held, so that no other addition writes this artifact.
        var round = row.Round + 1;
        var job = before with { Spec = before.Spec with { Variants = [.. before.Spec.Variants, .. variants] }, CodeVersion = CodeVersion.Current };
        await artifacts.PutAsync(ArtifactNames.Job(id, round), JsonSerializer.SerializeToUtf8Bytes(job, ContractsJson.Indented), token);
        ledger.Variants.AddRange(variants.Select((variant, index) => new VariantRow
        {
            Job = id,
            Index = before.Spec.Variants.Count + index,
            Name = variant.Name,
            Method = variant.Method,
            Hash = variant.Hash,
            Round = round,
        }));
        await ledger.SaveChangesAsync(token);
        var shards = await AddShardsAsync(ledger, id, before.Spec.Variants.Count, variants.Count, token);
        await RunAsync(ledger, job, round, shards, token);
        await transaction.CommitAsync(token);
    }

    private static void RequireNew(IReadOnlyList<VariantSpec> there, IReadOnlyList<VariantSpec> added)
    {
        if (added.Count == 0)
            throw new InvalidDataException("variants: there is none to add; name at least one.");
        var hashes = there.Select(variant => variant.Hash).ToHashSet();
        for (var index = 0; index < added.Count; index++)
        {
            if (!hashes.Add(added[index].Hash))
                throw new InvalidDataException($"variants[{index}]: '{added[index].Name}' is in the job already; its results are there.");
            if (added[index].Method == ReferenceVariant.Method && ReferenceVariant.IndexIn(there) is null)
            {
                throw new InvalidDataException(
                    $"variants[{index}]: 'none' cannot be added later, since what is done was not paired with it; submit a new job with all variants.");
            }
        }
    }

    /// <summary>One over each range of samples as it was first planned, however those were split since.</summary>
    private Task<int> AddShardsAsync(LedgerContext ledger, Guid job, int firstVariant, int variants, CancellationToken token)
    {
        var now = time.GetUtcNow();
        return ledger.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO shards (job, index, state, attempt, faults, first, samples, expressions, slice, slice_sha256, first_variant, variants, not_before)
            SELECT job, (SELECT max(index) FROM shards WHERE job = {job}) + row_number() OVER (ORDER BY first), 'waiting', 0, 0,
                first, samples, expressions, slice, slice_sha256, {firstVariant}, {variants}, {now}
            FROM shards WHERE job = {job} AND first_variant = 0 AND parent IS NULL
            """,
            token);
    }

    private static Task<int> RunAsync(LedgerContext ledger, ResolvedJob job, int round, int shards, CancellationToken token)
    {
        var borne = PlanSession.FailuresBorne(job.Spec.Failures, job.Expressions * job.Spec.Variants.Count);
        var (spec, fingerprint) = (JsonSerializer.Serialize(job.Spec, ContractsJson.Options), JobFingerprint.Of(job));
        return ledger.Jobs.Where(row => row.Id == job.Id).ExecuteUpdateAsync(
            row => row
                .SetProperty(r => r.State, JobState.Running)
                .SetProperty(r => r.Round, round)
                .SetProperty(r => r.Spec, spec)
                .SetProperty(r => r.Fingerprint, fingerprint)
                .SetProperty(r => r.FailuresBorne, borne)
                .SetProperty(r => r.Shards, r => r.Shards + shards)
                .SetProperty(r => r.EndedAt, (DateTimeOffset?)null)
                .SetProperty(r => r.SealedAt, (DateTimeOffset?)null),
            token);
    }
}
