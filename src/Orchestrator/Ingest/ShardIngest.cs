using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Messages;
using Pipeline.Contracts.Results;
using Pipeline.Orchestrator.Dispatching;
using Pipeline.Orchestrator.Jobs;
using Pipeline.Orchestrator.Ledger;

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
    public async Task<IngestOutcome> IngestAsync(ShardCompleted completed, CancellationToken token)
    {
        if (await FindAsync(completed, token) is not { } shard)
        {
            LogIgnored(completed.Shard, completed.Job, completed.Attempt);
            return IngestOutcome.Ignored;
        }

        ShardResult result;
        IReadOnlyList<Sample> slice;
        try
        {
            (result, slice) = await ReadAsync(completed, shard, token);
        }
        catch (Exception fault) when (fault is InvalidDataException or FileNotFoundException)
        {
            LogRefused(completed.Shard, completed.Job, completed.Attempt, fault.Message);
            await faults.HandleAsync(
                new ShardFailed(completed.Job, completed.Shard, completed.Attempt, completed.Worker, FaultClass.Transient, "ingest", fault.Message), token);
            return IngestOutcome.Refused;
        }

        var partials = ShardPartials.Of(result, slice, shard.Methods.Count, Math.Max(0, shard.Methods.IndexOf(ReferenceVariant.Method)));
        if (!await StoreAsync(completed, shard, result, partials, token))
        {
            LogIgnored(completed.Shard, completed.Job, completed.Attempt);
            return IngestOutcome.Ignored;
        }

        doorbell.Ring();
        return IngestOutcome.Counted;
    }

    /// <summary>Any attempt that was sent since the shard was planned or reopened may complete it: they all answer the same question.</summary>
    private async Task<OpenShard?> FindAsync(ShardCompleted completed, CancellationToken token)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        return await ledger.Shards
            .Where(row => row.Job == completed.Job && row.Index == completed.Shard && row.State != ShardState.Done)
            .Where(row => completed.Attempt > row.Fence && completed.Attempt <= row.Attempt)
            .Where(row => ledger.Jobs.Any(job => job.Id == row.Job && job.State == JobState.Running))
            .Select(row => new OpenShard(
                row.First,
                row.Slice,
                row.SliceSha256,
                ledger.Variants.Where(variant => variant.Job == row.Job).OrderBy(variant => variant.Index).Select(variant => variant.Method).ToList()))
            .SingleOrDefaultAsync(token);
    }

    private async Task<(ShardResult Result, IReadOnlyList<Sample> Slice)> ReadAsync(ShardCompleted completed, OpenShard shard, CancellationToken token)
    {
        using var sliceBytes = await VerifiedAsync(shard.Slice, shard.SliceSha256, token);
        var slice = await ManifestSlice.ReadAsync(sliceBytes, shard.Slice, token);
        using var resultBytes = await VerifiedAsync(completed.Result.Name, completed.Result.Sha256, token);
        var result = await ShardResultFile.ReadAsync(resultBytes, completed.Result.Name, token);
        ResultCheck.Require(result, completed, slice, shard.Methods.Count);
        return (result, slice);
    }

    private async Task<MemoryStream> VerifiedAsync(string name, string sha256, CancellationToken token)
    {
        await using var stream = await artifacts.OpenAsync(name, token);
        var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, token);
        var found = Convert.ToHexStringLower(SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
        if (found != sha256)
            throw new InvalidDataException($"{name} is damaged: its SHA-256 is {found}, announced was {sha256}.");
        bytes.Position = 0;
        return bytes;
    }

    /// <returns>False when another completion was faster; nothing changed then.</returns>
    private async Task<bool> StoreAsync(
        ShardCompleted completed, OpenShard shard, ShardResult result, IReadOnlyList<PartialRow> partials, CancellationToken token)
    {
        DateTimeOffset? now = time.GetUtcNow();
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        await using var transaction = await ledger.Database.BeginTransactionAsync(token);
        var marked = await ledger.Shards
            .Where(row => row.Job == completed.Job && row.Index == completed.Shard && row.State != ShardState.Done && completed.Attempt > row.Fence && completed.Attempt <= row.Attempt)
            .Where(row => ledger.Jobs.Any(job => job.Id == row.Job && job.State == JobState.Running))
            .ExecuteUpdateAsync(
                row => row
                    .SetProperty(r => r.State, ShardState.Done)
                    .SetProperty(r => r.Result, completed.Result.Name)
                    .SetProperty(r => r.ResultSha256, completed.Result.Sha256)
                    .SetProperty(r => r.Worker, completed.Worker)
                    .SetProperty(r => r.LeaseUntil, (DateTimeOffset?)null)
                    .SetProperty(r => r.DoneAt, now),
                token);
        if (marked == 0)
            return false;
        await ledger.Attempts
            .Where(row => row.Job == completed.Job && row.Shard == completed.Shard && row.Attempt == completed.Attempt)
            .ExecuteUpdateAsync(
                row => row.SetProperty(r => r.State, AttemptState.Done).SetProperty(r => r.Worker, completed.Worker).SetProperty(r => r.EndedAt, now), token);
        await PredictionCopy.WriteAsync((NpgsqlConnection)ledger.Database.GetDbConnection(), result, shard.First, token);
        ledger.Partials.AddRange(partials);
        await ledger.SaveChangesAsync(token);
        await transaction.CommitAsync(token);
        return true;
    }

    /// <param name="Methods">The pruning method of each variant.</param>
    private sealed record OpenShard(long First, string Slice, string SliceSha256, List<string> Methods);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Shard {Shard} of job {Job}: the completion of attempt {Attempt} changes nothing")]
    private partial void LogIgnored(int shard, Guid job, int attempt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {Shard} of job {Job}: the result of attempt {Attempt} is refused: {Reason}")]
    private partial void LogRefused(int shard, Guid job, int attempt, string reason);
}
