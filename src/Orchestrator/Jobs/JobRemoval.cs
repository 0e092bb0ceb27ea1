using Microsoft.EntityFrameworkCore;
using Pipeline.Contracts.Artifacts;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Jobs;

/// <summary>Removes jobs that are to be deleted: artifacts first, then rows, so that whatever interrupts it, it goes on where it was.</summary>
internal sealed partial class JobRemoval(
    IDbContextFactory<LedgerContext> ledgers, IArtifactStore artifacts, TimeProvider time, ILogger<JobRemoval> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await RemoveAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Ledger or artifacts may be away; the next round goes on.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                LogInterrupted(fault);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task RemoveAsync(CancellationToken token)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        foreach (var job in await ledger.Jobs.Where(row => row.State == JobState.Deleting).Select(row => row.Id).ToListAsync(token))
        {
            await foreach (var artifact in artifacts.ListAsync(ArtifactNames.Folder(job), token))
                await artifacts.DeleteAsync(artifact.Name, token);
            await RemoveRowsAsync(ledger, job, token);
            LogRemoved(job);
        }
    }

    private static async Task RemoveRowsAsync(LedgerContext ledger, Guid job, CancellationToken token)
    {
        // Dropping waits for whoever reads predictions, and whoever comes meanwhile would wait too: not for long, rather later again.
        var statements = $"""
            SET LOCAL lock_timeout = '2s';
            DROP TABLE IF EXISTS predictions_{job:N};
            DELETE FROM faults WHERE job = '{job:D}';
            DELETE FROM partials WHERE job = '{job:D}';
            DELETE FROM attempts WHERE job = '{job:D}';
            DELETE FROM shards WHERE job = '{job:D}';
            DELETE FROM variants WHERE job = '{job:D}';
            DELETE FROM jobs WHERE id = '{job:D}';
            """;
        await using var transaction = await ledger.Database.BeginTransactionAsync(token);
#pragma warning disable EF1002 // A table's name cannot be a parameter; this one is a Guid.
        await ledger.Database.ExecuteSqlRawAsync(statements, token);
#pragma warning restore EF1002
        await transaction.CommitAsync(token);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {Job} is removed")]
    private partial void LogRemoved(Guid job);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Removing deleted jobs was interrupted; it goes on")]
    private partial void LogInterrupted(Exception fault);
}
