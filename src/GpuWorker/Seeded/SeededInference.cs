using Microsoft.Extensions.Options;
using Pipeline.Contracts.Results;
using Pipeline.GpuWorker.Hosting;
using Pipeline.GpuWorker.Shards;

namespace Pipeline.GpuWorker.Seeded;

/// <summary>Stands in for a model: predictions that follow from sample, expression and variant alone, as fast as they can be written.</summary>
internal sealed class SeededInference(IOptions<WorkerOptions> options) : IShardInference, IDisposable
{
    private readonly SemaphoreSlim free = new(options.Value.Slots);

    public async Task<IShardSlot> TakeAsync(ShardWork work, CancellationToken token)
    {
        await free.WaitAsync(token);
        return new Slot(work, options.Value.Name, free);
    }

    public void Dispose() => free.Dispose();

    private sealed class Slot(ShardWork work, string worker, SemaphoreSlim free) : IShardSlot
    {
        private SemaphoreSlim? taken = free;

        public Task<ShardOutput> RunAsync(Func<int, Task> onSample, CancellationToken cancelled, CancellationToken leaving) => Task.Run(
            async () =>
            {
                var predictor = new SeededPredictor(work.Job, work.Shard.Part);
                var predictions = new List<Prediction>();
                for (var done = 0; done < work.Samples.Count; done++)
                {
                    cancelled.ThrowIfCancellationRequested();
                    leaving.ThrowIfCancellationRequested();
                    predictor.Predict(work.Samples[done], predictions);
                    await onSample(done + 1);
                }

                return ShardOutput.Of(new ShardResult(work.Shard.Job, work.Shard.Shard, work.Shard.Attempt, worker, CodeVersion.Current, predictions));
            },
            cancelled);

        public void Dispose() => Interlocked.Exchange(ref taken, null)?.Release();
    }
}
