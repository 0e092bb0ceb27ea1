using System.Diagnostics;
using System.Diagnostics.Metrics;
using Pipeline.Contracts.Messages;

namespace Pipeline.Orchestrator.Telemetry;

/// <summary>The orchestrator's spans and instruments. Names are stable: dashboards are built on them (docs/operations.md lists them).</summary>
internal static class OrchestratorTelemetry
{
    private const string Name = "Pipeline.Orchestrator";

    /// <summary>Before the instruments: fields are set in this order.</summary>
    internal static readonly Meter Meter = new(Name);

    private static readonly ActivitySource Source = new(Name);

    private static readonly Histogram<double> DispatchTimes = Meter.CreateHistogram<double>("pipeline.dispatch.duration", "s", "From counting an attempt to the broker's confirmation.");

    private static readonly Histogram<double> IngestTimes = Meter.CreateHistogram<double>("pipeline.ingest.duration", "s", "From taking a completion to its commit.");

    private static readonly Counter<long> Predictions = Meter.CreateCounter<long>("pipeline.predictions.ingested", "{prediction}", "Rows that entered the ledger.");

    private static readonly Counter<long> Samples = Meter.CreateCounter<long>("pipeline.samples.ingested", "{sample}", "Samples whose shard was counted.");

    private static readonly Counter<long> Faults = Meter.CreateCounter<long>("pipeline.shard.faults", "{fault}", "Attempts that gave no result, by class and stage.");

    private static readonly Counter<long> LostLeases = Meter.CreateCounter<long>("pipeline.shard.leases_lost", "{lease}", "Attempts whose worker gave no sign of life.");

    /// <summary>The root of a shard's trace: what workers and ingest do with this attempt follows from it.</summary>
    public static Activity? Dispatching(Guid job, int shard, int attempt) => Start("shard.dispatch", job, shard, attempt);

    public static Activity? Ingesting(ShardCompleted completed) => Start("shard.ingest", completed.Job, completed.Shard, completed.Attempt);

    public static void Dispatched(TimeSpan time, string queue) => DispatchTimes.Record(time.TotalSeconds, new KeyValuePair<string, object?>("queue", queue));

    public static void Ingested(TimeSpan time, int samples, int predictions)
    {
        IngestTimes.Record(time.TotalSeconds);
        Samples.Add(samples);
        Predictions.Add(predictions);
    }

    public static void Failed(FaultClass @class, string stage) =>
        Faults.Add(1, new("class", @class.ToString().ToLowerInvariant()), new("stage", stage));

    public static void LeaseLost() => LostLeases.Add(1);

    private static Activity? Start(string name, Guid job, int shard, int attempt) =>
        Source.StartActivity(name)?.SetTag("job", job).SetTag("shard", shard).SetTag("attempt", attempt);
}
