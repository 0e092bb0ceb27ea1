using MassTransit;
using Microsoft.EntityFrameworkCore;
using Pipeline.Contracts.Messages;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Jobs;

/// <summary>Takes a job's shards out of the workers' hands: for a pause, or for good.</summary>
/// <remarks>One transaction each: the job's epoch is counted up and its shards in flight wait again. Then the workers are told to drop what carries an earlier epoch.</remarks>
internal sealed partial class JobHalts(IDbContextFactory<LedgerContext> ledgers, IBus bus, TimeProvider time, ILogger<JobHalts> log)
{
    /// <summary>Workers that miss the news learn it with their next sign of life, so nobody waits long for a broker that is away.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Ends a job that is being planned or runs. What is done stays.</summary>
    /// <param name="state"><see cref="JobState.Stopped"/> or <see cref="JobState.Cancelled"/>.</param>
    /// <returns>False when the job had ended already or is not there; nothing changed then.</returns>
    public Task<bool> EndAsync(Guid job, JobState state, string reason, CancellationToken token)
    {
        var (word, now) = (state.ToString().ToLowerInvariant(), time.GetUtcNow());
        return HaltAsync(
            job,
            reason,
            $"UPDATE jobs SET state = {word}, reason = {reason}, ended_at = {now}, epoch = epoch + 1 WHERE id = {job} AND state IN ('planning', 'running') RETURNING epoch AS \"Value\"",
            token);
    }

    /// <returns>False when the job is paused already, has ended or is not there; nothing changed then.</returns>
    public Task<bool> PauseAsync(Guid job, CancellationToken token) => HaltAsync(
        job,
        "paused",
        $"UPDATE jobs SET paused = true, epoch = epoch + 1 WHERE id = {job} AND NOT paused AND state IN ('planning', 'running') RETURNING epoch AS \"Value\"",
        token);

    private async Task<bool> HaltAsync(Guid job, string reason, FormattableString update, CancellationToken token)
    {
        int epoch;
        await using (var ledger = await ledgers.CreateDbContextAsync(token))
        await using (var transaction = await ledger.Database.BeginTransactionAsync(token))
        {
            var halted = await ledger.Database.SqlQuery<int>(update).ToListAsync(token);
            if (halted.Count == 0)
                return false;
            epoch = halted[0] - 1;
            var now = time.GetUtcNow();
            await ledger.Database.ExecuteSqlAsync(
                $"""
                WITH halted AS (
                    UPDATE shards SET state = 'waiting', lease_until = NULL, worker = NULL
                    WHERE job = {job} AND state = 'sent'
                    RETURNING job, index, attempt
                )
                UPDATE attempts SET state = 'released', reason = {reason}, ended_at = {now}
                FROM halted
                WHERE attempts.job = halted.job AND attempts.shard = halted.index AND attempts.attempt = halted.attempt AND attempts.state = 'sent'
                """,
                token);
            await transaction.CommitAsync(token);
        }

        LogHalted(job, reason);
        await TellAsync(new JobHalted(job, epoch, reason), token);
        return true;
    }

    private async Task TellAsync(JobHalted halted, CancellationToken token)
    {
        try
        {
            // The wait is given up, never the operation: a channel of the broker's client does not survive the cancelling of a request half-way.
            await bus.Publish(halted, CancellationToken.None).WaitAsync(Patience, time, token);
        }
#pragma warning disable CA1031 // The ledger has it; whatever keeps the broker from telling, signs of life are answered from there.
        catch (Exception fault) when (!token.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogNotTold(fault, halted.Job);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {Job} is halted: {Reason}")]
    private partial void LogHalted(Guid job, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The workers could not be told that job {Job} is halted; each learns it with its next sign of life")]
    private partial void LogNotTold(Exception fault, Guid job);
}
