using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Pipeline.Contracts;
using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Messages;
using Pipeline.Contracts.Models;
using Pipeline.Contracts.Results;
using Pipeline.GpuWorker.Fetch;
using Pipeline.GpuWorker.Hosting;
using Pipeline.GpuWorker.Inference;
using Pipeline.GpuWorker.Samples;
using Pipeline.GpuWorker.Shards;
using Pipeline.Segmentation.Images;

namespace Pipeline.GpuWorker.Tests.Fakes;

/// <summary>A worker with a folder of its own: writes jobs and files into it and runs shards.</summary>
internal sealed class Workbench : IAsyncDisposable
{
    private readonly Guid job = Guid.NewGuid();
    private readonly Lazy<ImageFetcher> fetcher;
    private readonly Lazy<ShardRunner> runner;

    public Workbench(Func<ModelKey, IImageModel> load, int slots = 1)
    {
        Store = new FolderArtifactStore(Path.Combine(Folder, "artifacts"));
        var others = Enumerable.Range(1, slots - 1).Select(_ => InferenceSlot.Create(threads: 1, load));
        Slots = new InferenceSlots([new InferenceSlot(Thread, new ModelCache(Thread, load)), .. others]);
        fetcher = new Lazy<ImageFetcher>(() => new ImageFetcher(Options.Create(Fetch), TimeProvider.System, NullLogger<ImageFetcher>.Instance));
        runner = new Lazy<ShardRunner>(() => new ShardRunner(Store, Slots, fetcher.Value, Options.Create(Worker), Options.Create(Images), TimeProvider.System));
    }

    public Workbench(IImageModel model)
        : this(_ => model)
    {
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("worker-").FullName;

    public WorkerOptions Worker { get; } = new() { Name = "bench", Threads = 1, Device = "cpu" };

    public FolderArtifactStore Store { get; }

    /// <summary>The thread of the first slot.</summary>
    public InferenceThread Thread { get; } = new(threads: 1);

    public InferenceSlots Slots { get; }

    public ShardRunner Runner => runner.Value;

    /// <summary>Read when the first shard runs.</summary>
    public FetchOptions Fetch { get; } = new();

    public ImageOptions Images { get; } = new();

    public ImageUrls Urls { get; set; }

    public OutputSpec Outputs { get; set; } = new();

    public IReadOnlyList<string> OverlaySamples { get; set; } = [];

    public IReadOnlyList<VariantSpec> Variants { get; set; } = [Variant("none"), Variant("uniform", "keep", 0.5)];

    /// <summary>Whether answers are forced or generated.</summary>
    public string Answer { get; set; } = ModelSpec.Forced;

    public string Checkpoint { get; set; } = "scripted";

    public ModelShape Shape { get; set; } = ScriptedModel.Sizes;

    public string WeightsHash { get; set; } = "weights";

    /// <summary>Version of the code that planned the job.</summary>
    public string PlannedBy { get; set; } = CodeVersion.Current;

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static VariantSpec Variant(string method, string? setting = null, double value = 0) => setting is null
        ? new VariantSpec(method, method, new Dictionary<string, System.Text.Json.Nodes.JsonNode>(), method)
        : new VariantSpec($"{method}:{setting}={value}", method, new Dictionary<string, System.Text.Json.Nodes.JsonNode> { [setting] = value }, $"{method}{value}");

    /// <summary>A picture whose left part is red.</summary>
    public static RgbImage Picture(int width, int height, int red)
    {
        var pixels = new byte[width * height * 3];
        for (var pixel = 0; pixel < width * height; pixel++)
        {
            pixels[3 * pixel] = pixel % width < red ? (byte)255 : (byte)0;
        }

        return new RgbImage(width, height, pixels);
    }

    public string Write(string name, byte[] content)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>A sample over a PNG file of 20 x 10 pixels whose left 5 columns are red.</summary>
    public Sample FileSample(string id, params Expression[] expressions) => new(
        id,
        new ImageSource { Path = Write($"{id}.png", ImageCodec.EncodePng(Picture(20, 10, red: 5))) },
        null,
        expressions.Length > 0 ? expressions : [new Expression("the red part", false, null)]);

    /// <summary>Stores job and slice as a planner would.</summary>
    public async Task<ProcessShard> PlanAsync(IReadOnlyList<Sample> samples, int shard = 0)
    {
        var spec = new JobSpec
        {
            Name = "bench",
            Dataset = new DatasetSpec("manifest") { Urls = Urls },
            Model = new ModelSpec(Checkpoint) { Device = "cpu", Answer = Answer, MaxNewTokens = Answer == ModelSpec.Generate ? 12 : null },
            Variants = Variants,
            Outputs = Outputs,
        };
        var resolved = new ResolvedJob(
            job, spec, new ModelDescription(Shape, WeightsHash, true), PlannedBy, samples.Count, samples.Sum(sample => sample.Expressions.Count), "manifest", OverlaySamples);
        await Store.PutAsync(ArtifactNames.Job(job), JsonSerializer.SerializeToUtf8Bytes(resolved, ContractsJson.Options), Token);
        await Store.PutAsync(ArtifactNames.Slice(job, shard), ManifestSlice.Write(samples), Token);
        return new ProcessShard(job, shard, 1, ArtifactNames.Job(job), ArtifactNames.Slice(job, shard), new ShardPart(0, samples.Count, 0, Variants.Count));
    }

    public async Task<IReadOnlyList<Prediction>> RunAsync(params Sample[] samples) =>
        (await Runner.RunAsync(await PlanAsync(samples), _ => Task.CompletedTask, CancellationToken.None, Token)).Predictions;

    public async Task<byte[]> ReadAsync(string artifact)
    {
        await using var stream = await Store.OpenAsync(artifact, Token);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, Token);
        return bytes.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        await Slots.DisposeAsync();
        if (fetcher.IsValueCreated)
        {
            fetcher.Value.Dispose();
        }

        Directory.Delete(Folder, recursive: true);
    }
}
