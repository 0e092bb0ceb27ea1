using Microsoft.Extensions.Options;
using Pipeline.GpuWorker.Hosting;
using Pipeline.GpuWorker.Inference;

namespace Pipeline.GpuWorker.Shards;

/// <summary>Runs shards in this process: for runs that are one process anyway, and for the child of a worker.</summary>
public sealed class InProcessInference(ShardRunner runner, InferenceSlots slots, IOptions<WorkerOptions> options) : IShardInference
{
    public async Task<IShardSlot> TakeAsync(ShardWork work, CancellationToken token) =>
        new Slot(runner, work, await slots.TakeAsync(ModelKey.For(work.Job, options.Value.Device), token));

    private sealed class Slot(ShardRunner runner, ShardWork work, InferenceLease lease) : IShardSlot
    {
        public async Task<ShardOutput> RunAsync(Func<int, Task> onSample, CancellationToken cancelled, CancellationToken leaving) =>
            ShardOutput.Of(await runner.RunAsync(work, lease, onSample, cancelled, leaving));

        public void Dispose() => lease.Dispose();
    }
}
