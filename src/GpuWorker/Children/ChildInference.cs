using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Artifacts;
using Pipeline.GpuWorker.Fetch;
using Pipeline.GpuWorker.Hosting;
using Pipeline.GpuWorker.Inference;
using Pipeline.GpuWorker.Samples;
using Pipeline.GpuWorker.Shards;

namespace Pipeline.GpuWorker.Children;

/// <summary>Runs shards in child processes, one a slot, so that a crash of native code or a hang costs an attempt and not the worker.</summary>
internal sealed class ChildInference : IShardInference, IDisposable
{
    private readonly WorkerOptions options;
    private readonly IReadOnlyList<ChildSlot> slots;
    private readonly SlotPool<ChildSlot> pool;

    public ChildInference(
        IArtifactStore artifacts, IOptions<WorkerOptions> options, IOptions<FetchOptions> fetch, IOptions<ImageOptions> images, TimeProvider clock, ILogger<ChildSlot> logger)
    {
        this.options = options.Value;
        var settings = ChildSettings.Of(this.options, fetch.Value, images.Value);
        slots = [.. Enumerable.Range(0, this.options.Slots).Select(_ => new ChildSlot(artifacts, this.options, settings, clock, logger))];
        pool = new SlotPool<ChildSlot>(slots);
    }

    public async Task<IShardSlot> TakeAsync(ShardWork work, CancellationToken token) =>
        new Slot(pool, await pool.TakeAsync(ModelKey.For(work.Job, options.Device), token), work);

    public void Dispose()
    {
        foreach (var slot in slots)
        {
            slot.Dispose();
        }

        pool.Dispose();
    }

    private sealed class Slot(SlotPool<ChildSlot> pool, SlotPool<ChildSlot>.Place place, ShardWork work) : IShardSlot
    {
        private SlotPool<ChildSlot>? pool = pool;

        public async Task<ShardOutput> RunAsync(Func<int, Task> onSample, CancellationToken cancelled, CancellationToken leaving)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancelled, leaving);
            return await place.Slot.RunAsync(work, onSample, stop.Token);
        }

        public void Dispose() => Interlocked.Exchange(ref pool, null)?.GiveBack(place);
    }
}
