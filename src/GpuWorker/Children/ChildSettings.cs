using Pipeline.GpuWorker.Fetch;
using Pipeline.GpuWorker.Hosting;
using Pipeline.GpuWorker.Samples;

namespace Pipeline.GpuWorker.Children;

/// <summary>All that the child gets of its worker's options.</summary>
internal sealed record ChildSettings(string Name, string Device, int Threads, int DecodeAhead, int ExpressionsAtOnce, FetchOptions Fetch, ImageOptions Images)
{
    public string? FaultPoints { get; init; }

    public static ChildSettings Of(WorkerOptions options, FetchOptions fetch, ImageOptions images) =>
        new(options.Name, options.Device, options.ThreadsPerSlot, options.DecodeAhead, options.ExpressionsAtOnce, fetch, images) { FaultPoints = options.FaultPoints };

    /// <summary>The child's own options: one slot.</summary>
    public WorkerOptions ToOptions() => new()
    {
        Name = Name,
        Device = Device,
        Slots = 1,
        Threads = Threads,
        DecodeAhead = DecodeAhead,
        ExpressionsAtOnce = ExpressionsAtOnce,
        FaultPoints = FaultPoints,
    };
}
