using Microsoft.Extensions.Options;
using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Messages;
using Pipeline.Contracts.Results;
using Pipeline.GpuWorker.Fetch;
using Pipeline.GpuWorker.Hosting;
using Pipeline.GpuWorker.Inference;
using Pipeline.GpuWorker.Samples;
using Pipeline.Segmentation.Pruning;

namespace Pipeline.GpuWorker.Shards;

/// <summary>Runs one shard: every sample of its slice through every variant of its job.</summary>
/// <remarks>Four stages, each working ahead of the next: fetch images that lie at addresses; read and decode; encode and segment, on the thread of a slot; score and store pictures.</remarks>
public sealed class ShardRunner(
    IArtifactStore artifacts, InferenceSlots slots, ImageFetcher images, IOptions<WorkerOptions> options, IOptions<ImageOptions> limits, TimeProvider clock, IInferenceWatch? watch = null)
{
    private const int ScoredAhead = 2;

    private readonly WorkerOptions options = options.Value;
    private readonly IInferenceWatch watch = watch ?? new MeasuringWatch();
    private readonly ShardLoader loader = new(artifacts);

    /// <summary>Fetches the shard, waits for a slot and runs it there.</summary>
    /// <param name="shard">What to run.</param>
    /// <param name="onSample">Told, in order, how many samples are done.</param>
    /// <param name="cancelled">This shard was cancelled: stops between two variants.</param>
    /// <param name="leaving">This worker is going: finishes the image it is at and stops.</param>
    /// <returns>Predictions of the whole shard, in its order. The same on every run, times aside.</returns>
    /// <exception cref="ShardException">There is no result; says what kind of fault it was and in which stage.</exception>
    /// <exception cref="OperationCanceledException">One of the two tokens.</exception>
    public async Task<ShardResult> RunAsync(ProcessShard shard, Func<int, Task> onSample, CancellationToken cancelled, CancellationToken leaving)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancelled, leaving);
        var work = await loader.LoadAsync(shard, either.Token);
        using var slot = await slots.TakeAsync(ModelKey.For(work.Job, options.Device), either.Token);
        return await RunAsync(work, slot, onSample, cancelled, leaving);
    }

    /// <inheritdoc cref="RunAsync(ProcessShard, Func{int, Task}, CancellationToken, CancellationToken)"/>
    /// <param name="slot">Where to run.</param>
    public async Task<ShardResult> RunAsync(ShardWork work, InferenceLease slot, Func<int, Task> onSample, CancellationToken cancelled, CancellationToken leaving)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancelled, leaving);
        await In("load", () => slot.RunAsync(model => model.Shape));
        watch.Loaded();
        var predictions = await In("infer", () => PredictAsync(work, slot, onSample, cancelled, either.Token));
        return new ShardResult(work.Shard.Job, work.Shard.Shard, work.Shard.Attempt, options.Name, CodeVersion.Current, predictions);
    }

    private async Task<IReadOnlyList<Prediction>> PredictAsync(
        ShardWork work, InferenceLease slot, Func<int, Task> onSample, CancellationToken cancelled, CancellationToken stop)
    {
        var (job, part) = (work.Job, work.Shard.Part);
        var fetcher = new SampleFetcher(images, clock, watch);
        var decoder = new SampleDecoder(limits.Value, clock);
        var variants = job.Spec.Variants.Skip(part.FirstVariant).Take(part.Variants).Select(PruningMethods.Create).ToList();
        HashSet<string> shown = [.. job.OverlaySamples];
        var scorer = new SampleScorer(job, job.Model.Shape, part.FirstVariant, artifacts);

        var fetched = Stage.Run(work.Samples.ToAsyncEnumerable(), fetcher.FetchAsync, images.AtOnce, stop);
        var parts = fetched.SelectMany(sample => SamplePart.Of(sample, options.ExpressionsAtOnce));
        var decoded = Stage.Run(parts, part => Task.Run(() => decoder.Decode(part)), options.DecodeAhead);
        var inferred = Stage.Run(decoded, sample => slot.RunAsync(model => Infer(model, sample)), ahead: 1);
        var scored = Stage.Run(inferred, sample => Task.Run(() => ScoreAsync(sample)), ScoredAhead, stop);

        var predictions = new List<Prediction>();
        var done = 0;
        await foreach (var (ofPart, isLast) in scored)
        {
            predictions.AddRange(ofPart);
            if (isLast)
            {
                await onSample(++done);
            }
        }

        return predictions;

        async Task<(IReadOnlyList<Prediction> Predictions, bool IsLast)> ScoreAsync(InferredSample sample) =>
            (await scorer.ScoreAsync(sample, stop), sample.Decoded.Part.IsLast);

        InferredSample Infer(IImageModel model, DecodedSample sample)
        {
            stop.ThrowIfCancellationRequested();
            watch.Begins(sample.Part.Sample.Id);
            watch.Took("decode", TimeSpan.FromMilliseconds(sample.Milliseconds));
            return new SampleInference(model, job.Spec.Model, variants, shown, clock, watch).Run(sample, cancelled);
        }
    }

    private static async Task<T> In<T>(string stage, Func<Task<T>> step)
    {
        try
        {
            return await step();
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            throw ShardException.From(stage, fault);
        }
    }
}
