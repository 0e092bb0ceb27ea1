using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Api;
using Pipeline.Contracts.Messages;
using Pipeline.Orchestrator.Dispatching;
using Pipeline.Orchestrator.Jobs;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Api.Jobs;

/// <summary>Answers where a job stands, and why nothing of it runs where that is so.</summary>
internal sealed class JobStatusReader(JobWatch watch, IDbContextFactory<LedgerContext> ledgers, IOptions<DispatchOptions> dispatch, TimeProvider time)
{
    /// <exception cref="KeyNotFoundException">The ledger has no such job.</exception>
    public async Task<JobStatus> ReadAsync(Guid job, CancellationToken token)
    {
        var progress = await watch.ReadAsync(job, token);
        return new JobStatus
        {
            Id = progress.Job,
            Name = progress.Name,
            State = Word(progress.State),
            Paused = progress.Paused,
            Priority = progress.Priority,
            Reason = progress.Reason,
            Waiting = progress is { State: JobState.Running, Shards.Sent: 0 } ? await WhyAsync(progress, token) : null,
            Samples = progress.Samples,
            SamplesDone = progress.SamplesDone,
            SamplesPerSecond = progress.SamplesPerSecond,
            SecondsLeft = progress.TimeLeft?.TotalSeconds,
            Shards = progress.Shards,
            Variants = [.. progress.Variants.Select(variant => new VariantStatus(variant.Name, variant.Done, variant.Total, variant.Failures))],
            SubmittedBy = progress.SubmittedBy,
            SubmittedAt = progress.SubmittedAt,
            StartedAt = progress.StartedAt,
            EndedAt = progress.EndedAt,
        };
    }

    /// <summary>As <see cref="ReadAsync"/>, and sees what was changed just before.</summary>
    public Task<JobStatus> ReadAnewAsync(Guid job, CancellationToken token)
    {
        watch.Forget(job);
        return ReadAsync(job, token);
    }

    /// <summary>A state as the API spells it.</summary>
    public static string Word(JobState state) => state.ToString().ToLowerInvariant();

    private async Task<string?> WhyAsync(JobProgress progress, CancellationToken token)
    {
        if (progress.Paused)
            return "it is paused";
        if (progress.Shards.Waiting == 0)
            return null;
        var since = time.GetUtcNow() - dispatch.Value.WorkerTimeout;
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        var queue = await ledger.Jobs.Where(row => row.Id == progress.Job).Select(row => row.Queue).SingleOrDefaultAsync(token);
        if (!await ledger.Workers.AnyAsync(row => !row.Leaving && row.SeenAt > since && (row.Queues.Contains(dispatch.Value.Queue) || row.Queues.Contains(queue!)), token))
            return "no worker is there";
        var now = time.GetUtcNow();
        if (await ledger.Shards.AnyAsync(row => row.Job == progress.Job && row.State == ShardState.Waiting && row.NotBefore <= now, token))
            return "other jobs go first";
        var latest = await ledger.Attempts
            .Where(row => row.Job == progress.Job && row.Reason != null)
            .OrderByDescending(row => row.EndedAt)
            .Select(row => new { row.Fault, row.Reason })
            .FirstOrDefaultAsync(token);
        return latest switch
        {
            null => null,
            { Fault: FaultClass.Refused } => $"the workers refuse it: {latest.Reason}",
            _ => $"it waits before it is tried again: {latest.Reason}",
        };
    }
}
