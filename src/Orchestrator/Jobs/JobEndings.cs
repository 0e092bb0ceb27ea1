using System.Globalization;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Pipeline.Contracts.Messages;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Jobs;

/// <summary>Ends jobs: done when every shard is, stopped when too much failed.</summary>
internal sealed partial class JobEndings(IDbContextFactory<LedgerContext> ledgers, IBus bus, TimeProvider time, ILogger<JobEndings> log)
{
    /// <summary>Looks at every running job. Costs the jobs and their failing shards, not their size.</summary>
    public async Task SettleAsync(CancellationToken token)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        var jobs = await ledger.Jobs
            .Where(job => job.State == JobState.Running)
            .Select(job => new
            {
                job.Id,
                job.FailuresBorne,
                Failures = ledger.Partials.Where(partial => partial.Job == job.Id && partial.Failures > 0).Sum(partial => partial.Failures),
                Open = ledger.Shards.Any(shard => shard.Job == job.Id && shard.State != ShardState.Done),
            })
            .ToListAsync(token);
        foreach (var job in jobs)
        {
            if (job.Failures > job.FailuresBorne)
                await StopAsync(job.Id, OverBudget(job.Failures, job.FailuresBorne), token);
            else if (!job.Open)
                await FinishAsync(ledger, job.Id, token);
        }
    }

    /// <summary>Stops a job that has not ended, and tells the workers. What is done stays.</summary>
    public async Task StopAsync(Guid job, string reason, CancellationToken token)
    {
        var now = time.GetUtcNow();
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        await using var transaction = await ledger.Database.BeginTransactionAsync(token);
        var stopped = await ledger.Jobs
            .Where(row => row.Id == job && (row.State == JobState.Running || row.State == JobState.Planning))
            .ExecuteUpdateAsync(
                row => row.SetProperty(r => r.State, JobState.Stopped).SetProperty(r => r.Epoch, r => r.Epoch + 1).SetProperty(r => r.Reason, reason).SetProperty(r => r.EndedAt, now),
                token);
        if (stopped == 0)
            return;

        // Its shards in flight leave the window to other jobs; what their workers still send finds a stopped job.
        await ledger.Shards
            .Where(row => row.Job == job && row.State == ShardState.Sent)
            .ExecuteUpdateAsync(row => row.SetProperty(r => r.State, ShardState.Waiting).SetProperty(r => r.LeaseUntil, (DateTimeOffset?)null), token);
        var epoch = await ledger.Jobs.Where(row => row.Id == job).Select(row => row.Epoch).SingleAsync(token);
        await transaction.CommitAsync(token);
        LogStopped(job, reason);
        await bus.Publish(new JobHalted(job, epoch - 1, reason), token);
    }

    private async Task FinishAsync(LedgerContext ledger, Guid job, CancellationToken token)
    {
        var now = time.GetUtcNow();
        var finished = await ledger.Jobs
            .Where(row => row.Id == job && row.State == JobState.Running)
            .ExecuteUpdateAsync(row => row.SetProperty(r => r.State, JobState.Done).SetProperty(r => r.EndedAt, now), token);
        if (finished == 1)
            LogDone(job);
    }

    private static string OverBudget(long failures, long borne) => string.Create(
        CultureInfo.InvariantCulture,
        $"{failures:N0} predictions failed; the job's failure budget allows {borne:N0}. What is done stays.");

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {Job} is done")]
    private partial void LogDone(Guid job);

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {Job} stopped: {Reason}")]
    private partial void LogStopped(Guid job, string reason);
}
