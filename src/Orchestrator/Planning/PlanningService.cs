using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Pipeline.Orchestrator.Dispatching;
using Pipeline.Orchestrator.Faults;
using Pipeline.Orchestrator.Jobs;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Planning;

/// <summary>Plans submitted jobs, a few at a time, and those that an orchestrator left half planned when it went.</summary>
internal sealed partial class PlanningService(
    IDbContextFactory<LedgerContext> ledgers,
    JobPlanner planner,
    JobEndings endings,
    [FromKeyedServices(Doorbell.Planning)] Doorbell submitted,
    Doorbell planned,
    IOptions<DispatchOptions> options,
    TimeProvider time,
    ILogger<PlanningService> log) : BackgroundService
{
    /// <summary>So that a large dataset does not keep small jobs waiting.</summary>
    private const int AtOnce = 4;

    private static readonly TimeSpan BeforeAnotherTry = TimeSpan.FromSeconds(5);

    private readonly Dictionary<Guid, Task> underWay = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                Start(await NextAsync(stoppingToken), stoppingToken);
                await submitted.WaitAsync(options.Value.Poll, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
#pragma warning disable CA1031 // The loop outlives every fault of the ledger; it looks again after a while.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                LogRoundFailed(fault);
                await submitted.WaitAsync(BeforeAnotherTry, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await Task.WhenAll(underWay.Values);
    }

    private async Task<IReadOnlyList<Guid>> NextAsync(CancellationToken token)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        return await ledger.Jobs
            .Where(job => job.State == JobState.Planning)
            .OrderByDescending(job => job.Priority).ThenBy(job => job.SubmittedAt).ThenBy(job => job.Id)
            .Select(job => job.Id).Take(AtOnce * 2).ToListAsync(token);
    }

    private void Start(IReadOnlyList<Guid> jobs, CancellationToken token)
    {
        foreach (var (job, _) in underWay.Where(entry => entry.Value.IsCompleted).ToList())
            underWay.Remove(job);
        foreach (var job in jobs.Where(job => !underWay.ContainsKey(job)).Take(AtOnce - underWay.Count).ToList())
            underWay[job] = Task.Run(() => PlanAsync(job, token), CancellationToken.None);
    }

    private async Task PlanAsync(Guid job, CancellationToken token)
    {
        try
        {
            if (await planner.PlanAsync(job, token) is null)
                return;
            planned.Ring();
            submitted.Ring();
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // Whoever starts next begins anew.
        }
#pragma warning disable CA1031 // Of one job; the others are planned all the same.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            await HandleAsync(job, fault, token);
        }
    }

    private async Task HandleAsync(Guid job, Exception fault, CancellationToken token)
    {
        try
        {
            if (TransientFaults.Is(fault))
            {
                LogPlannedAgain(fault, job);
                await Task.Delay(BeforeAnotherTry, time, token);
            }
            else
            {
                await endings.StopAsync(job, $"planning failed: {fault.Message}", token);
            }
        }
#pragma warning disable CA1031 // The ledger went away meanwhile: the job is still to be planned, and will be.
        catch (Exception again)
#pragma warning restore CA1031
        {
            LogPlannedAgain(again, job);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job} could not be planned yet; it is tried again")]
    private partial void LogPlannedAgain(Exception fault, Guid job);

    [LoggerMessage(Level = LogLevel.Error, Message = "Jobs to plan could not be looked for; that is done again")]
    private partial void LogRoundFailed(Exception fault);
}
