using Pipeline.Contracts.Jobs;
using Pipeline.Segmentation.Lisa;
using static TorchSharp.torch;

namespace Pipeline.Cli.Run;

/// <summary>How a run uses the machine.</summary>
/// <remarks>
/// Operators of a small model are too short to share out among cores, so each core gets a shard, a model and a thread of its own.
/// Small is a model that fits once per core into half of the memory the process may use, when it is taken to need three times its
/// weight files (weights may be wider in memory than on disk, and something is computed from them) and 256 MB.
/// libtorch rounds differently with another number of threads; so with a small model that number is 1 whatever the number of slots,
/// and predictions are the same on every number of cores.
/// </remarks>
/// <param name="Slots">Shards run at once.</param>
/// <param name="Threads">Threads of each, within one operator.</param>
public readonly record struct SlotPlan(int Slots, int Threads)
{
    private const long Fixed = 256L << 20;
    private const int PerWeight = 3;

    /// <param name="model">A checkpoint that is there.</param>
    /// <param name="asked">Slots asked for; null leaves it to the plan.</param>
    public static SlotPlan For(ModelSpec model, int? asked)
    {
        ArgumentNullException.ThrowIfNull(model);
        var processors = Environment.ProcessorCount;
        return OnGpu(model.Device)
            ? Shared(asked ?? 1, processors)
            : OnCpu(LisaFolder.WeightBytes(model.Checkpoint), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, processors, asked);
    }

    /// <param name="weights">Bytes of the checkpoint's weight files.</param>
    /// <param name="memory">Bytes the process may use.</param>
    /// <param name="processors">Cores it may use.</param>
    /// <param name="asked">Slots asked for; null leaves it to the plan.</param>
    public static SlotPlan OnCpu(long weights, long memory, int processors, int? asked)
    {
        var small = processors * ((PerWeight * weights) + Fixed) <= memory / 2;
        return small ? new SlotPlan(asked ?? processors, 1) : Shared(asked ?? 1, processors);
    }

    private static SlotPlan Shared(int slots, int processors) => new(slots, Math.Max(1, processors / slots));

    private static bool OnGpu(string device) => device == "auto" ? cuda.is_available() : device != "cpu";
}
