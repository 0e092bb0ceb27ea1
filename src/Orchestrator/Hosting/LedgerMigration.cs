using Microsoft.EntityFrameworkCore;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Hosting;

/// <summary>Brings the ledger to this version's shape before anything else starts. Hosts that start together take turns: EF holds a lock meanwhile.</summary>
internal sealed class LedgerMigration(IDbContextFactory<LedgerContext> ledgers) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        await ledger.Database.MigrateAsync(cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
