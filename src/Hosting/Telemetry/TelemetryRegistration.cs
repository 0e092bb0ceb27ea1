using Microsoft.Extensions.DependencyInjection;

namespace Pipeline.Hosting.Telemetry;

/// <summary>Sends what a host measures to a collector.</summary>
public static class TelemetryRegistration
{
    /// <summary>
    /// Exports every <see cref="System.Diagnostics.ActivitySource"/> and <see cref="System.Diagnostics.Metrics.Meter"/> whose name begins with <c>Pipeline.</c>, and the bus's,
    /// by OTLP. On when OpenTelemetry's own variable <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set; its other variables hold too.
    /// </summary>
    /// <param name="service">Name of the service where <c>OTEL_SERVICE_NAME</c> gives none.</param>
    public static IServiceCollection AddTelemetryExport(this IServiceCollection services, string service) =>
        services.AddHostedService(_ => new TelemetryExport(service));
}
