using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Pipeline.Contracts;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Models;
using Pipeline.Contracts.Results;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Planning;

/// <summary>The right to plan one job, and what planning writes into the ledger with it.</summary>
/// <remarks>
/// An advisory lock of the connection that also writes: it goes when the orchestrator dies, and who lost the connection cannot write.
/// So the next one begins anew, alone.
/// </remarks>
internal sealed class PlanSession : IAsyncDisposable
{
    private readonly LedgerContext ledger;
    private readonly Guid job;
    private readonly TimeProvider time;

    private PlanSession(LedgerContext ledger, Guid job, JobRow row, TimeProvider time)
    {
        this.ledger = ledger;
        this.job = job;
        this.time = time;
        Spec = JsonSerializer.Deserialize<JobSpec>(row.Spec, ContractsJson.Options)!;
        Model = JsonSerializer.Deserialize<ModelDescription>(row.Model!, ContractsJson.Options)!;
    }

    public JobSpec Spec { get; }

    public ModelDescription Model { get; }

    private NpgsqlConnection Connection => (NpgsqlConnection)ledger.Database.GetDbConnection();

    /// <summary>Removes what an earlier planner left half done.</summary>
    /// <returns>Null when somebody else plans the job, or when there is nothing to plan.</returns>
    public static async Task<PlanSession?> OpenAsync(IDbContextFactory<LedgerContext> ledgers, Guid job, TimeProvider time, CancellationToken token)
    {
        var ledger = await ledgers.CreateDbContextAsync(token);
        PlanSession? session = null;
        try
        {
            await ledger.Database.OpenConnectionAsync(token);
            if (!await ledger.Database.SqlQuery<bool>($"SELECT pg_try_advisory_lock({KeyOf(job)}) AS \"Value\"").SingleAsync(token))
                return null;
            var row = await ledger.Jobs.AsNoTracking().SingleOrDefaultAsync(row => row.Id == job && row.State == JobState.Planning, token);
            if (row is null)
            {
                await UnlockAsync(ledger, job);
                return null;
            }

            await ledger.Shards.Where(shard => shard.Job == job).ExecuteDeleteAsync(token);
            return session = new PlanSession(ledger, job, row, time);
        }
        finally
        {
            if (session is null)
                await ledger.DisposeAsync();
        }
    }

    /// <summary>Enters a batch of shards, waiting.</summary>
    /// <returns>False when the job was ended meanwhile; nothing was entered then.</returns>
    public async Task<bool> AddShardsAsync(IReadOnlyList<PlannedShard> shards, CancellationToken token)
    {
        if (!await ledger.Jobs.AnyAsync(row => row.Id == job && row.State == JobState.Planning, token))
            return false;
        await using var import = await Connection.BeginBinaryImportAsync(
            "COPY shards (job, index, state, attempt, faults, first, samples, expressions, variants, slice, slice_sha256, not_before) FROM STDIN (FORMAT BINARY)", token);
        var now = time.GetUtcNow();
        foreach (var shard in shards)
        {
            await import.StartRowAsync(token);
            await import.WriteAsync(job, NpgsqlDbType.Uuid, token);
            await import.WriteAsync(shard.Index, NpgsqlDbType.Integer, token);
            await import.WriteAsync("waiting", NpgsqlDbType.Text, token);
            await import.WriteAsync(0, NpgsqlDbType.Integer, token);
            await import.WriteAsync(0, NpgsqlDbType.Integer, token);
            await import.WriteAsync(shard.First, NpgsqlDbType.Bigint, token);
            await import.WriteAsync(shard.Samples, NpgsqlDbType.Integer, token);
            await import.WriteAsync(shard.Expressions, NpgsqlDbType.Integer, token);
            await import.WriteAsync(Spec.Variants.Count, NpgsqlDbType.Integer, token);
            await import.WriteAsync(shard.Slice.Name, NpgsqlDbType.Text, token);
            await import.WriteAsync(shard.Slice.Sha256, NpgsqlDbType.Text, token);
            await import.WriteAsync(now, NpgsqlDbType.TimestampTz, token);
        }

        await import.CompleteAsync(token);
        return true;
    }

    /// <summary>Lets a planned job run.</summary>
    /// <returns>False when the job was ended meanwhile.</returns>
    public async Task<bool> StartAsync(ResolvedJob planned, int shards, CancellationToken token)
    {
        var fingerprint = JobFingerprint.Of(planned);
        var borne = FailuresBorne(planned.Spec.Failures, planned.Expressions * planned.Spec.Variants.Count);
        DateTimeOffset? now = time.GetUtcNow();
        return await ledger.Jobs
            .Where(row => row.Id == job && row.State == JobState.Planning)
            .ExecuteUpdateAsync(
                row => row
                    .SetProperty(r => r.State, JobState.Running)
                    .SetProperty(r => r.ManifestHash, planned.ManifestHash)
                    .SetProperty(r => r.Fingerprint, fingerprint)
                    .SetProperty(r => r.Samples, planned.Samples)
                    .SetProperty(r => r.Expressions, planned.Expressions)
                    .SetProperty(r => r.Shards, shards)
                    .SetProperty(r => r.FailuresBorne, borne)
                    .SetProperty(r => r.StartedAt, now),
                token) == 1;
    }

    public async ValueTask DisposeAsync()
    {
        await UnlockAsync(ledger, job);
        await ledger.DisposeAsync();
    }

    /// <returns>Most failed predictions the job bears: the smaller of its two limits.</returns>
    internal static long FailuresBorne(FailureBudget budget, long predictions) =>
        Math.Min(budget.Count ?? long.MaxValue, (long)Math.Floor((decimal)budget.Percent * predictions / 100));

    /// <summary>A pooled connection keeps its locks while it rests. One that is broken has lost them.</summary>
    private static async Task UnlockAsync(LedgerContext ledger, Guid job)
    {
        try
        {
            await ledger.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({KeyOf(job)})", CancellationToken.None);
        }
        catch (Exception gone) when (gone is NpgsqlException or InvalidOperationException)
        {
            NpgsqlConnection.ClearPool((NpgsqlConnection)ledger.Database.GetDbConnection());
        }
    }

    private static long KeyOf(Guid job) => BitConverter.ToInt64(job.ToByteArray(bigEndian: true), sizeof(long)) ^ BitConverter.ToInt64(job.ToByteArray(bigEndian: true), 0);
}
