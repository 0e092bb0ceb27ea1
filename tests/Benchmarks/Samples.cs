using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Pipeline.Contracts;
using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Messages;
using Pipeline.Contracts.Results;
using Pipeline.Contracts.Synthetic;
using Pipeline.GpuWorker.Fetch;
using Pipeline.GpuWorker.Hosting;
using Pipeline.GpuWorker.Inference;
using Pipeline.GpuWorker.Samples;
using Pipeline.GpuWorker.Shards;
using Pipeline.Segmentation;
using Pipeline.Segmentation.Lisa;
using TorchSharp;

namespace Pipeline.Benchmarks;

/// <summary>What is left alive after samples went through the worker, and how much memory the process holds meanwhile.</summary>
public sealed class Samples : IBenchmark
{
    private const int Total = 1000;
    private const int PerShard = 100;

    public string Description =>
        $"{Total} samples through the worker with the tiny model on the CPU, 2 variants, "
        + $"MALLOC_MMAP_THRESHOLD_ {Environment.GetEnvironmentVariable("MALLOC_MMAP_THRESHOLD_") ?? "not set (the launcher sets it, and memory stays flat only with it)"}";

    public void Run(BenchmarkSession session)
    {
        var folder = Directory.CreateTempSubdirectory("samples-").FullName;
        try
        {
            RunAsync(folder, session).GetAwaiter().GetResult();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task RunAsync(string folder, BenchmarkSession session)
    {
        var store = new FolderArtifactStore(Path.Combine(folder, "artifacts"));
        var job = Job(Path.Combine(folder, "tiny"));
        await store.PutAsync(ArtifactNames.Job(job.Id), JsonSerializer.SerializeToUtf8Bytes(job, ContractsJson.Options), default);
        var options = Options.Create(new WorkerOptions { Name = "benchmark", Device = "cpu" });
        using var thread = new InferenceThread(Environment.ProcessorCount);
        await using var models = new ModelCache(thread, LisaImageModel.Load);
        using var images = new ImageFetcher(Options.Create(new FetchOptions()), TimeProvider.System, NullLogger<ImageFetcher>.Instance);
        var runner = new ShardRunner(store, new InferenceSlots([new InferenceSlot(thread, models)]), images, options, Options.Create(new ImageOptions()), TimeProvider.System);

        await thread.RunAsync(() => models.Get(ModelKey.For(job, options.Value.Device)));
        var liveBefore = await LiveTensorsAsync(thread);
        session.Record("live tensors, model loaded", "tensors", liveBefore);
        var resident = new List<long>();
        for (var shard = 0; shard * PerShard < Total; shard++)
        {
            var done = (shard + 1) * PerShard;
            var slice = ArtifactNames.Slice(job.Id, shard);
            await store.PutAsync(slice, ManifestSlice.Write([.. Enumerable.Range(shard * PerShard, PerShard).Select(Scene)]), default);
            await runner.RunAsync(new ProcessShard(job.Id, shard, 1, ArtifactNames.Job(job.Id), slice, new ShardPart(0, PerShard, 0, job.Spec.Variants.Count)), _ => Task.CompletedTask, default, default);
            session.Record($"live tensors after {done} samples", "tensors", await LiveTensorsAsync(thread));
            resident.Add(ResidentBytes());
            await Console.Error.WriteLineAsync($"  {done} of {Total}");
            session.Record($"resident after {done} samples", "MB", resident[^1] / 1e6);
        }

        session.Record($"left over after {Total} samples", "tensors", await LiveTensorsAsync(thread) - liveBefore);
        session.Record($"resident, largest after the first {PerShard}", "%", 100.0 * resident.Skip(1).Max() / resident[0]);
    }

    private static Task<long> LiveTensorsAsync(InferenceThread thread) => thread.RunAsync(() => DisposeScopeManager.Statistics.ThreadTotalLiveCount);

    private static ResolvedJob Job(string checkpoint)
    {
        LisaPresets.Write("tiny", checkpoint, seed: 1);
        var spec = new JobSpec
        {
            Name = "samples",
            Dataset = new DatasetSpec("synthetic") { Count = Total },
            Model = new ModelSpec(checkpoint) { Device = "cpu" },
            Variants = [Variant("none", []), Variant("fastv", new() { ["layer"] = 2, ["keep"] = 0.25 })],
        };
        return new ResolvedJob(Guid.NewGuid(), spec, new ModelCatalog().Describe(checkpoint), "benchmark", Total, Total, "none", []);
    }

    private static VariantSpec Variant(string method, Dictionary<string, JsonNode> settings) => new(method, method, settings, method);

    private static Sample Scene(int index)
    {
        var parameters = new SyntheticScene(1, index, 128, 128);
        var expressions = SyntheticScenes.Describe(parameters).Expressions.Select(expression => new Expression(expression.Text, expression.IsSentence, null));
        return new Sample(index.ToString(CultureInfo.InvariantCulture), new ImageSource { Synthetic = parameters }, null, [.. expressions]);
    }

    private static long ResidentBytes()
    {
        var line = File.ReadLines("/proc/self/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.AsSpan("VmRSS:".Length, line.Length - "VmRSS:".Length - " kB".Length), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
    }
}
