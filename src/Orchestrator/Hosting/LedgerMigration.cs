using Microsoft.EntityFrameworkCore;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Hosting;

/// <summary>Brings the ledger to this version's shape before anything else starts. Hosts that start together take turns.</summary>
internal sealed class LedgerMigration(IDbContextFactory<LedgerContext> ledgers) : IHostedLifecycleService
{
    /// <summary>Names the advisory lock; any number that nothing else in the database uses.</summary>
    private const long Turn = 0x7069_7065_6C69_6E65;

    /// <remarks>EF's own lock is on its table of applied migrations, which an empty database does not have.</remarks>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await using var turn = await ledgers.CreateDbContextAsync(cancellationToken);
        await turn.Database.OpenConnectionAsync(cancellationToken);
        await turn.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({Turn})", cancellationToken);
        try
        {
            await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
            await ledger.Database.MigrateAsync(cancellationToken);
        }
        finally
        {
            await turn.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({Turn})", CancellationToken.None);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
