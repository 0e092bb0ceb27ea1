using Pipeline.Contracts.Models;
using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Llama;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Llama;

/// <summary>A small decoder from the golden set, for tests that need some model and not its expected outputs.</summary>
internal sealed class GoldenLlama : IDisposable
{
    private readonly Checkpoint checkpoint;

    public GoldenLlama(string group)
    {
        var folder = Path.Combine(GoldenSet, group);
        checkpoint = Checkpoint.Open(Path.Combine(folder, "model.safetensors"), CPU, ScalarType.Float32);
        using var config = ConfigFile.Open(Path.Combine(folder, "config.json"));
        Model = new LlamaModel(checkpoint.Weights, LlamaConfig.Read(config));
    }

    /// <summary>The folder with one sub-folder per group.</summary>
    public static string GoldenSet { get; } = FindGoldenSet();

    /// <summary>Tensors alive on this thread; other threads run other tests.</summary>
    public static long LiveTensors => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

    public LlamaModel Model { get; }

    public ModelShape Shape(int visualTokens) => new()
    {
        Architecture = "llama",
        Layers = Model.Layers.Count,
        HiddenSize = Model.Config.HiddenSize,
        IntermediateSize = Model.Config.IntermediateSize,
        Heads = Model.Config.Heads,
        KeyValueHeads = Model.Config.KeyValueHeads,
        VocabularySize = Model.VocabularySize,
        GridHeight = 1,
        GridWidth = visualTokens,
    };

    public void Dispose()
    {
        Model.Dispose();
        checkpoint.Dispose();
    }

    private static string FindGoldenSet()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Pipeline.sln"))) folder = folder.Parent;
        return Path.Combine(folder?.FullName ?? throw new DirectoryNotFoundException("no Pipeline.sln above the tests"), "tests", "golden");
    }
}
