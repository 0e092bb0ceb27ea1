using Microsoft.EntityFrameworkCore;
using Pipeline.Contracts.Artifacts;
using Pipeline.Orchestrator.Hosting;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Jobs;

/// <summary>Removes jobs that are to be deleted: artifacts first, then rows, so that whatever interrupts it, it goes on where it was.</summary>
internal sealed partial class JobRemoval(
    IDbContextFactory<LedgerContext> ledgers, IArtifactStore artifacts, TimeProvider time, ILogger<JobRemoval> log)
    : RoundsService(TimeSpan.FromSeconds(2), time)
{
    protected override async Task RoundAsync(CancellationToken token)
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

    protected override void Interrupted(Exception fault) => LogInterrupted(fault);

    private static async Task RemoveRowsAsync(LedgerContext ledger, Guid job, CancellationToken token)
    {
        // Dropping waits for whoever reads predictions, and whoever comes meanwhile would wait too: not for long, rather later again.
        var statements = $"""
            SET LOCAL lock_timeout = '2s';
            DROP TABLE IF EXISTS predictions_{job:N};
            DELETE FROM faults WHERE job = '{job:D}';
            DELETE FROM merges WHERE job = '{job:D}';
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
