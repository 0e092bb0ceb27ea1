using Microsoft.EntityFrameworkCore;
using Npgsql;
using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Messages;
using Pipeline.Contracts.Results;
using Pipeline.Orchestrator.Artifacts;
using Pipeline.Orchestrator.Dispatching;
using Pipeline.Orchestrator.Jobs;
using Pipeline.Orchestrator.Ledger;
using Pipeline.Orchestrator.Telemetry;

namespace Pipeline.Orchestrator.Ingest;

/// <summary>Takes a shard result into the ledger: checked against its manifest slice, all or nothing, once.</summary>
internal sealed partial class ShardIngest(
    IDbContextFactory<LedgerContext> ledgers,
    IArtifactStore artifacts,
    ShardFaults faults,
    Doorbell doorbell,
    TimeProvider time,
    ILogger<ShardIngest> log)
{
    /// <summary>Takes the result that a worker announced.</summary>
    public Task<IngestOutcome> IngestAsync(ShardCompleted completed, CancellationToken token) => TakeAsync(completed, quarantined: false, token);

    /// <summary>Takes the result that stands for a sample which no worker could give one for.</summary>
    public Task<IngestOutcome> QuarantineAsync(ShardCompleted completed, CancellationToken token) => TakeAsync(completed, quarantined: true, token);

    private async Task<IngestOutcome> TakeAsync(ShardCompleted completed, bool quarantined, CancellationToken token)
    {
        using var span = OrchestratorTelemetry.Ingesting(completed);
        var start = time.GetTimestamp();
        if (await FindAsync(completed, token) is not { } shard)
        {
            LogIgnored(completed.Shard, completed.Job, completed.Attempt);
            return IngestOutcome.Ignored;
        }

        ShardResult result;
        IReadOnlyList<PartialRow> partials;
        try
        {
            (result, partials) = await ReadAsync(completed, shard, token);
        }
        catch (Exception fault) when (fault is InvalidDataException or FileNotFoundException)
        {
            LogRefused(completed.Shard, completed.Job, completed.Attempt, fault.Message);
            await faults.HandleAsync(
                new ShardFailed(completed.Job, completed.Shard, completed.Attempt, completed.Worker, FaultClass.Transient, "ingest", fault.Message), token);
            return IngestOutcome.Refused;
        }

        if (!await StoreAsync(completed, quarantined, shard, result, partials, token))
        {
            LogIgnored(completed.Shard, completed.Job, completed.Attempt);
            return IngestOutcome.Ignored;
        }

        OrchestratorTelemetry.Ingested(time.GetElapsedTime(start), shard.Samples, result.Predictions.Count);
        doorbell.Ring();
        return IngestOutcome.Counted;
    }

    private static IQueryable<ShardRow> Open(LedgerContext ledger, ShardCompleted completed) => ledger.Shards
        .Where(row => row.Job == completed.Job && row.Index == completed.Shard && (row.State == ShardState.Waiting || row.State == ShardState.Sent))
        .Where(row => completed.Attempt > row.Fence && completed.Attempt <= row.Attempt)
        .Where(row => ledger.Jobs.Any(job => job.Id == row.Job && job.State == JobState.Running));

    /// <summary>Any attempt that was sent since the shard was planned or reopened may complete it: they all answer the same question.</summary>
    private async Task<OpenShard?> FindAsync(ShardCompleted completed, CancellationToken token)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        return await Open(ledger, completed)
            .Select(row => new OpenShard(
                row.First,
                row.Slice,
                row.SliceSha256,
                row.Skip,
                row.Samples,
                row.FirstVariant,
                row.Variants,
                ledger.Variants.Where(variant => variant.Job == row.Job).OrderBy(variant => variant.Index).Select(variant => variant.Method).ToList()))
            .SingleOrDefaultAsync(token);
    }

    private async Task<(ShardResult Result, IReadOnlyList<PartialRow> Partials)> ReadAsync(ShardCompleted completed, OpenShard shard, CancellationToken token)
    {
        var slice = await SliceArtifact.ReadAsync(artifacts, shard.Slice, shard.SliceSha256, token);
        var samples = slice.Skip(shard.Skip).Take(shard.Samples).ToList();
        using var bytes = await VerifiedArtifact.ReadAsync(artifacts, completed.Result.Name, completed.Result.Sha256, ShardResultFile.Largest, token);
        var expected = samples.Sum(sample => sample.Expressions.Count) * shard.Variants;
        var result = await ShardResultFile.ReadAsync(bytes, completed.Result.Name, expected, token);
        ResultCheck.Require(result, completed, samples, shard.FirstVariant, shard.Variants);

        var reference = Math.Max(0, shard.Methods.IndexOf(ReferenceVariant.Method)) - shard.FirstVariant;
        if (reference >= 0 && reference < shard.Variants)
            return (result, ShardPartials.Of(result, samples, shard.FirstVariant, shard.Variants, reference));
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        var references = await ReferenceMeasurements.ReadAsync(ledger, completed.Job, shard.First, samples, reference + shard.FirstVariant, token);
        return (result, ShardPartials.Of(result, samples, shard.FirstVariant, shard.Variants, references));
    }

    /// <returns>False when another completion was faster; nothing changed then.</returns>
    private async Task<bool> StoreAsync(
        ShardCompleted completed, bool quarantined, OpenShard shard, ShardResult result, IReadOnlyList<PartialRow> partials, CancellationToken token)
    {
        DateTimeOffset? now = time.GetUtcNow();
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        await using var transaction = await ledger.Database.BeginTransactionAsync(token);
        var marked = await Open(ledger, completed)
            .ExecuteUpdateAsync(
                row => row
                    .SetProperty(r => r.State, ShardState.Done)
                    .SetProperty(r => r.Quarantined, quarantined)
                    .SetProperty(r => r.Result, completed.Result.Name)
                    .SetProperty(r => r.ResultSha256, completed.Result.Sha256)
                    .SetProperty(r => r.Worker, completed.Worker)
                    .SetProperty(r => r.LeaseUntil, (DateTimeOffset?)null)
                    .SetProperty(r => r.DoneAt, now),
                token);
        if (marked == 0)
            return false;
        await ledger.Attempts
            .Where(row => !quarantined && row.Job == completed.Job && row.Shard == completed.Shard && row.Attempt == completed.Attempt)
            .ExecuteUpdateAsync(
                row => row.SetProperty(r => r.State, AttemptState.Done).SetProperty(r => r.Worker, completed.Worker).SetProperty(r => r.EndedAt, now), token);
        await ledger.Attempts
            .Where(row => row.Job == completed.Job && row.Shard == completed.Shard && row.State == AttemptState.Sent)
            .ExecuteUpdateAsync(
                row => row.SetProperty(r => r.State, AttemptState.Released).SetProperty(r => r.Reason, "an earlier attempt was done first").SetProperty(r => r.EndedAt, now), token);
        var connection = (NpgsqlConnection)ledger.Database.GetDbConnection();
        await PredictionCopy.WriteAsync(connection, result, shard.First, token);
        await PredictionCopy.WriteAsync(connection, partials, token);
        await transaction.CommitAsync(token);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Shard {Shard} of job {Job}: the completion of attempt {Attempt} changes nothing")]
    private partial void LogIgnored(int shard, Guid job, int attempt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {Shard} of job {Job}: the result of attempt {Attempt} is refused: {Reason}")]
    private partial void LogRefused(int shard, Guid job, int attempt, string reason);
}
