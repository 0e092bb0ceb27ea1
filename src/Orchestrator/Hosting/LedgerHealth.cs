using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Hosting;

/// <summary>Ready only while the ledger answers.</summary>
internal sealed class LedgerHealth(IDbContextFactory<LedgerContext> ledgers) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        return await ledger.Database.CanConnectAsync(cancellationToken) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The ledger does not answer.");
    }
}
