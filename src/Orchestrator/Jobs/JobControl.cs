using Microsoft.EntityFrameworkCore;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Models;
using Pipeline.Orchestrator.Dispatching;
using Pipeline.Orchestrator.Ledger;
using Pipeline.Orchestrator.Planning;

namespace Pipeline.Orchestrator.Jobs;

/// <summary>All that its user may do to a job. Each is done when the ledger has it; whichever orchestrator comes first carries it out.</summary>
/// <remarks>Every method but the first throws <see cref="KeyNotFoundException"/> when the ledger has no such job, and <see cref="JobStateException"/> when its state does not allow it.</remarks>
public sealed class JobControl
{
    /// <summary>Largest priority; the smallest is its negative.</summary>
    public const int HighestPriority = 100;

    private readonly IDbContextFactory<LedgerContext> ledgers;
    private readonly JobSubmission submission;
    private readonly JobHalts halts;
    private readonly JobRetry retry;
    private readonly VariantAddition addition;
    private readonly Doorbell dispatching;
    private readonly Doorbell planning;

    internal JobControl(
        IDbContextFactory<LedgerContext> ledgers,
        JobSubmission submission,
        JobHalts halts,
        JobRetry retry,
        VariantAddition addition,
        Doorbell dispatching,
        Doorbell planning)
    {
        this.ledgers = ledgers;
        this.submission = submission;
        this.halts = halts;
        this.retry = retry;
        this.addition = addition;
        this.dispatching = dispatching;
        this.planning = planning;
    }

    /// <summary>Enters a job, which is planned and run from then on. The same job a second time changes nothing.</summary>
    /// <param name="id">Of the new job.</param>
    /// <param name="spec">Validated, every list expanded.</param>
    /// <param name="model">Its checkpoint.</param>
    /// <returns>The id.</returns>
    /// <exception cref="JobStateException">There is another job of this id.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The priority is beyond -100 to 100.</exception>
    public async Task<Guid> SubmitAsync(Guid id, JobSpec spec, ModelDescription model, SubmitOptions options, CancellationToken token)
    {
        RequirePriority(options.Priority);
        await submission.AddAsync(id, spec, model, options, token);
        planning.Ring();
        return id;
    }

    /// <summary>Takes the job's shards out of the workers' hands until it is resumed. A paused job stays paused.</summary>
    public async Task PauseAsync(Guid job, CancellationToken token)
    {
        if (!await halts.PauseAsync(job, token))
            await RequireAsync(job, row => row.Paused && IsLive(row), "only a job that is planned or runs can be paused", token);
    }

    /// <summary>Lets a paused job go on; one that is not paused goes on as it is.</summary>
    public async Task ResumeAsync(Guid job, CancellationToken token)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        var resumed = await ledger.Jobs
            .Where(row => row.Id == job && (row.State == JobState.Planning || row.State == JobState.Running))
            .ExecuteUpdateAsync(row => row.SetProperty(r => r.Paused, false), token);
        if (resumed == 0)
            await RequireAsync(job, _ => false, "only a job that was paused before its end can go on; 'retry' tries again what failed", token);
        dispatching.Ring();
    }

    /// <summary>Ends a job before all of it is done. What is done stays and can be reported. A cancelled job stays cancelled.</summary>
    /// <param name="reason">For the ledger and the report.</param>
    public async Task CancelAsync(Guid job, string reason, CancellationToken token)
    {
        if (!await halts.EndAsync(job, JobState.Cancelled, reason, token))
            await RequireAsync(job, row => row.State == JobState.Cancelled, "only a job that is planned or runs can be cancelled", token);
        dispatching.Ring();
    }

    /// <summary>Lets a job's shards go before or after those of others, from the next one that is sent.</summary>
    /// <param name="priority">-100 to 100; larger ones go first.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is beyond that.</exception>
    public async Task SetPriorityAsync(Guid job, int priority, CancellationToken token)
    {
        RequirePriority(priority);
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        var changed = await ledger.Jobs
            .Where(row => row.Id == job && row.State != JobState.Deleting)
            .ExecuteUpdateAsync(row => row.SetProperty(r => r.Priority, priority), token);
        if (changed == 0)
            await RequireAsync(job, _ => false, "its priority does not matter any more", token);
        dispatching.Ring();
    }

    /// <summary>Tries again what failed: quarantined samples, failed predictions, and what a stopped or cancelled job had left. What is done well stays.</summary>
    public async Task<RetryOutcome> RetryAsync(Guid job, CancellationToken token)
    {
        var outcome = await retry.RetryAsync(job, token);
        planning.Ring();
        dispatching.Ring();
        return outcome;
    }

    /// <summary>Adds variants to a job that is done; only they run.</summary>
    /// <param name="variants">Validated; none of them in the job yet.</param>
    /// <exception cref="InvalidDataException">There is none, or one is in the job already; the message names it.</exception>
    public async Task AddVariantsAsync(Guid job, IReadOnlyList<VariantSpec> variants, CancellationToken token)
    {
        await addition.AddAsync(job, variants, token);
        dispatching.Ring();
    }

    /// <summary>Removes an ended job with its artifacts and rows, in the background.</summary>
    public async Task DeleteAsync(Guid job, CancellationToken token)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        var deleting = await ledger.Jobs
            .Where(row => row.Id == job && (row.State == JobState.Done || row.State == JobState.Stopped || row.State == JobState.Cancelled))
            .ExecuteUpdateAsync(row => row.SetProperty(r => r.State, JobState.Deleting).SetProperty(r => r.Epoch, r => r.Epoch + 1), token);
        if (deleting == 0)
            await RequireAsync(job, row => row.State == JobState.Deleting, "cancel it first", token);
    }

    private static bool IsLive(JobRow row) => row.State is JobState.Planning or JobState.Running;

    private static void RequirePriority(int priority)
    {
        if (priority is < -HighestPriority or > HighestPriority)
            throw new ArgumentOutOfRangeException(nameof(priority), priority, $"A priority is a number from {-HighestPriority} to {HighestPriority}.");
    }

    private async Task RequireAsync(Guid job, Func<JobRow, bool> holds, string right, CancellationToken token)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        var row = await ledger.Jobs.AsNoTracking().SingleOrDefaultAsync(row => row.Id == job, token) ?? throw JobStates.Unknown(job);
        if (!holds(row))
            throw JobStates.Wrong(row, right);
    }
}
