using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;

namespace Pipeline.Hosting.Health;

/// <summary>What a host says of its health: <c>/health/live</c> while it runs, <c>/health/ready</c> while all it needs answers.</summary>
public static class HealthRegistration
{
    /// <summary>Checks with this tag decide whether a host is ready; the bus brings its own.</summary>
    public const string Ready = "ready";

    public static IHealthChecksBuilder AddHostHealth(this IServiceCollection services) =>
        services.AddHealthChecks().AddCheck<ArtifactHealth>("artifacts", tags: [Ready]);

    public static void MapHostHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready) });
    }
}
