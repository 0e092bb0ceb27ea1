using Microsoft.Extensions.Diagnostics.HealthChecks;
using Pipeline.Contracts.Artifacts;

namespace Pipeline.Hosting.Health;

/// <summary>Ready only while the artifact store answers.</summary>
internal sealed class ArtifactHealth(IArtifactStore artifacts) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(Patience);
        try
        {
            // Whether it is there does not matter; that the store says so does.
            await artifacts.ExistsAsync("health", limited.Token);
            return HealthCheckResult.Healthy();
        }
#pragma warning disable CA1031 // Whatever the store throws, this is where it is told.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            return HealthCheckResult.Unhealthy("The artifact store does not answer.", fault);
        }
    }
}
