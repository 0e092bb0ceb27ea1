using Microsoft.EntityFrameworkCore;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Jobs;

/// <summary>Lists what went wrong in a job.</summary>
public sealed class JobFaults
{
    /// <summary>Most of one kind in a list.</summary>
    public const int Most = 1000;

    private readonly IDbContextFactory<LedgerContext> ledgers;

    internal JobFaults(IDbContextFactory<LedgerContext> ledgers) => this.ledgers = ledgers;

    /// <returns>The newest first; at most <see cref="Most"/> of each kind, of failed predictions the first in manifest order.</returns>
    /// <exception cref="KeyNotFoundException">The ledger has no such job.</exception>
    public async Task<IReadOnlyList<FaultRecord>> ListAsync(Guid job, CancellationToken token)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        if (!await ledger.Jobs.AnyAsync(row => row.Id == job, token))
            throw new KeyNotFoundException($"The ledger has no job {job}.");
        var attempts = await ledger.Attempts
            .Where(row => row.Job == job && (row.State == AttemptState.Failed || row.State == AttemptState.Lost))
            .OrderByDescending(row => row.EndedAt).Take(Most)
            .Select(row => new FaultRecord(
                row.State == AttemptState.Lost ? FaultKind.LostAttempt : FaultKind.FailedAttempt,
                row.EndedAt, row.Shard, row.Attempt, row.Worker, null, null, null, row.Stage, row.Reason))
            .ToListAsync(token);
        var quarantined = await ledger.Shards
            .Where(row => row.Job == job && row.Quarantined)
            .OrderBy(row => row.Index).Take(Most)
            .Select(row => new FaultRecord(
                FaultKind.QuarantinedShard, row.DoneAt, row.Index, row.Attempt, null,
                ledger.Predictions.Where(prediction => prediction.Job == job && prediction.Position == row.First).Select(prediction => prediction.Sample).FirstOrDefault(),
                null, null, "quarantine", "its sample crashed too often; its predictions are recorded as failed"))
            .ToListAsync(token);
        var messages = await ledger.Faults
            .Where(row => row.Job == job)
            .OrderByDescending(row => row.At).Take(Most)
            .Select(row => new FaultRecord(FaultKind.FaultedMessage, row.At, row.Shard, null, null, null, null, null, row.Queue, row.Reason))
            .ToListAsync(token);
        var predictions = await PredictionsAsync(ledger, job, token);
        return [.. attempts.Concat(quarantined).Concat(messages).Concat(predictions).OrderByDescending(fault => fault.At)];
    }

    private static Task<List<FaultRecord>> PredictionsAsync(LedgerContext ledger, Guid job, CancellationToken token)
    {
        var failed = ledger.Predictions
            .Where(row => row.Job == job && row.Fault != null)
            .OrderBy(row => row.Position).ThenBy(row => row.Expression).ThenBy(row => row.Variant)
            .Take(Most);
        var rows =
            from row in failed
            join variant in ledger.Variants on new { row.Job, Index = row.Variant } equals new { variant.Job, variant.Index }
            join shard in ledger.Shards on new { row.Job, Index = row.Shard } equals new { shard.Job, shard.Index }
            orderby row.Position, row.Expression, row.Variant
            select new FaultRecord(
                FaultKind.FailedPrediction, shard.DoneAt, row.Shard, null, shard.Worker, row.Sample, row.Expression, variant.Name, row.Stage, row.Reason);
        return rows.ToListAsync(token);
    }
}
