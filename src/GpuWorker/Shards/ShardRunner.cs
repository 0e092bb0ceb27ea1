using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Pipeline.Contracts;
using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Messages;
using Pipeline.Contracts.Results;
using Pipeline.GpuWorker.Hosting;
using Pipeline.GpuWorker.Inference;
using Pipeline.GpuWorker.Samples;
using Pipeline.Segmentation.Pruning;

namespace Pipeline.GpuWorker.Shards;

/// <summary>Runs one shard: every sample of its slice through every variant of its job.</summary>
/// <remarks>Three stages, each working ahead of the next: fetch and decode; encode and segment, on the thread of a slot; score and store pictures.</remarks>
public sealed class ShardRunner(IArtifactStore artifacts, InferenceSlots slots, IOptions<WorkerOptions> options, TimeProvider clock)
{
    private const int ScoredAhead = 2;

    private static readonly string CodeVersion =
        typeof(ShardRunner).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private readonly WorkerOptions options = options.Value;

    /// <param name="shard">What to run.</param>
    /// <param name="onSample">Told, in order, how many samples are done.</param>
    /// <param name="cancelled">This shard was cancelled: stops between two variants.</param>
    /// <param name="leaving">This worker is going: finishes the image it is at and stops.</param>
    /// <returns>Predictions of the whole slice, in its order. The same on every run, times aside.</returns>
    /// <exception cref="ShardException">There is no result; says what kind of fault it was and in which stage.</exception>
    /// <exception cref="OperationCanceledException">One of the two tokens.</exception>
    public async Task<ShardResult> RunAsync(ProcessShard shard, Func<int, Task> onSample, CancellationToken cancelled, CancellationToken leaving)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancelled, leaving);
        var stop = either.Token;
        var (job, samples) = await In("load", () => LoadAsync(shard, stop));
        using var slot = await slots.TakeAsync(ModelKey.For(job, options.Device), stop);
        await In("load", () => slot.RunAsync(model => model.Shape));
        var predictions = await In("infer", () => PredictAsync(job, samples, shard.Part.FirstVariant, shard.Part.Variants, slot, onSample, cancelled, stop));
        return new ShardResult(shard.Job, shard.Shard, shard.Attempt, options.Name, CodeVersion, predictions);
    }

    private async Task<(ResolvedJob Job, IReadOnlyList<Sample> Samples)> LoadAsync(ProcessShard shard, CancellationToken stop)
    {
        await using var jobFile = await artifacts.OpenAsync(shard.JobArtifact, stop);
        var job = await JsonSerializer.DeserializeAsync<ResolvedJob>(jobFile, ContractsJson.Options, stop)
            ?? throw new InvalidDataException($"{shard.JobArtifact} holds no job");
        await using var slice = await artifacts.OpenAsync(shard.SliceArtifact, stop);
        var samples = await ManifestSlice.ReadAsync(slice, shard.SliceArtifact, stop);
        return shard.Part.Skip + shard.Part.Samples <= samples.Count
            ? (job, [.. samples.Skip(shard.Part.Skip).Take(shard.Part.Samples)])
            : throw new InvalidDataException($"{shard.SliceArtifact} holds {samples.Count} samples; the shard needs {shard.Part.Samples} from {shard.Part.Skip} on");
    }

    private async Task<IReadOnlyList<Prediction>> PredictAsync(
        ResolvedJob job, IReadOnlyList<Sample> samples, int firstVariant, int variantCount, InferenceLease slot, Func<int, Task> onSample, CancellationToken cancelled, CancellationToken stop)
    {
        var decoder = new SampleDecoder(clock);
        var variants = job.Spec.Variants.Skip(firstVariant).Take(variantCount).Select(PruningMethods.Create).ToList();
        HashSet<string> shown = [.. job.OverlaySamples];
        var scorer = new SampleScorer(job, job.Model.Shape, firstVariant, artifacts);

        var decoded = Stage.Run(samples.ToAsyncEnumerable(), sample => Task.Run(() => decoder.Decode(sample)), options.DecodeAhead);
        var inferred = Stage.Run(decoded, sample => slot.RunAsync(model => Infer(model, sample)), ahead: 1);
        var scored = Stage.Run(inferred, sample => Task.Run(() => scorer.ScoreAsync(sample, stop)), ScoredAhead, stop);

        var predictions = new List<Prediction>();
        var done = 0;
        await foreach (var ofSample in scored)
        {
            predictions.AddRange(ofSample);
            await onSample(++done);
        }

        return predictions;

        InferredSample Infer(IImageModel model, DecodedSample sample)
        {
            stop.ThrowIfCancellationRequested();
            return new SampleInference(model, variants, shown, clock).Run(sample, cancelled);
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
