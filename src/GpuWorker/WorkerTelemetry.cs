using System.Diagnostics;
using System.Diagnostics.Metrics;
using Pipeline.Contracts.Messages;

namespace Pipeline.GpuWorker;

/// <summary>What a worker measures of itself; exported by whoever listens to the meter and the source of this name.</summary>
public static class WorkerTelemetry
{
    public const string Name = "Pipeline.GpuWorker";

    private static readonly Meter Meter = new(Name);
    private static readonly Histogram<double> Stages = Meter.CreateHistogram<double>("pipeline.worker.stage", "s", "Time of one step: fetch, image, decode, encode, language, mask, store.");
    private static readonly Counter<long> SamplesDone = Meter.CreateCounter<long>("pipeline.worker.samples", "{sample}", "Samples done.");
    private static readonly Counter<long> PredictionsDone = Meter.CreateCounter<long>("pipeline.worker.predictions", "{prediction}", "Predictions in stored results.");
    private static readonly Counter<double> SlotBusy = Meter.CreateCounter<double>("pipeline.worker.slot.busy", "s", "Time slots had a shard; its rate over the slots is the busy share of the GPU.");
    private static readonly Counter<long> Faults = Meter.CreateCounter<long>("pipeline.worker.faults", "{fault}", "Attempts without a result, by class and stage.");
    private static readonly Counter<long> ChildStarts = Meter.CreateCounter<long>("pipeline.worker.child.starts", "{process}", "Processes started to run models: one a slot, and one more for each that was lost or renewed.");

    /// <summary>Spans of shards and their stages.</summary>
    public static ActivitySource Source { get; } = new(Name);

    internal static void Took(string stage, TimeSpan time) => Stages.Record(time.TotalSeconds, new KeyValuePair<string, object?>("stage", stage));

    internal static void Sample() => SamplesDone.Add(1);

    internal static void Predicted(int predictions) => PredictionsDone.Add(predictions);

    internal static void Busy(TimeSpan time) => SlotBusy.Add(time.TotalSeconds);

    internal static void ChildStarted() => ChildStarts.Add(1);

    internal static void Failed(FaultClass faultClass, string stage) => Faults.Add(
        1,
        new KeyValuePair<string, object?>("class", faultClass.ToString()),
        new KeyValuePair<string, object?>("stage", stage));
}
