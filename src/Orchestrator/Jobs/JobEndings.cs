using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Jobs;

/// <summary>Ends jobs by themselves: done when every shard is, stopped when too much failed.</summary>
internal sealed partial class JobEndings(IDbContextFactory<LedgerContext> ledgers, JobHalts halts, TimeProvider time, ILogger<JobEndings> log)
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
                Open = ledger.Shards.Any(shard => shard.Job == job.Id && (shard.State == ShardState.Waiting || shard.State == ShardState.Sent)),
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
        if (await halts.EndAsync(job, JobState.Stopped, reason, token))
            LogStopped(job, reason);
    }

    /// <summary>Looks once more, with the job locked: whoever reopens shards holds that lock until they can be seen.</summary>
    private async Task FinishAsync(LedgerContext ledger, Guid id, CancellationToken token)
    {
        var now = time.GetUtcNow();
        await using var transaction = await ledger.Database.BeginTransactionAsync(token);

        // A statement of its own: the next one sees what was committed while this one waited.
        await ledger.Database.ExecuteSqlAsync($"SELECT FROM jobs WHERE id = {id} FOR NO KEY UPDATE", token);
        var finished = await ledger.Jobs
            .Where(row => row.Id == id && row.State == JobState.Running)
            .Where(row => !ledger.Shards.Any(shard => shard.Job == row.Id && (shard.State == ShardState.Waiting || shard.State == ShardState.Sent)))
            .ExecuteUpdateAsync(row => row.SetProperty(r => r.State, JobState.Done).SetProperty(r => r.EndedAt, now), token);
        await transaction.CommitAsync(token);
        if (finished == 1)
            LogDone(id);
    }

    private static string OverBudget(long failures, long borne) => string.Create(
        CultureInfo.InvariantCulture,
        $"{failures:N0} predictions failed; the job's failure budget allows {borne:N0}. What is done stays.");

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {Job} is done")]
    private partial void LogDone(Guid job);

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {Job} stopped: {Reason}")]
    private partial void LogStopped(Guid job, string reason);
}
