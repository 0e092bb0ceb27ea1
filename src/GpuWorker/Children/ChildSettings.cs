using Pipeline.GpuWorker.Hosting;

namespace Pipeline.GpuWorker.Children;

/// <summary>All that the child gets of its worker's options.</summary>
internal sealed record ChildSettings(string Name, string Device, int Threads, int DecodeAhead)
{
    public string? FaultPoints { get; init; }

    public static ChildSettings Of(WorkerOptions options) =>
        new(options.Name, options.Device, options.ThreadsPerSlot, options.DecodeAhead) { FaultPoints = options.FaultPoints };

    /// <summary>The child's own options: one slot.</summary>
    public WorkerOptions ToOptions() =>
        new() { Name = Name, Device = Device, Slots = 1, Threads = Threads, DecodeAhead = DecodeAhead, FaultPoints = FaultPoints };
}
