using Pipeline.Contracts.Models;
using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Llama;
using Pipeline.Segmentation.Pruning;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Benchmarks;

/// <summary>A decoder of any size with random weights, and prompts for it: a prefix, a 24 x 24 image and a question.</summary>
internal sealed class RandomDecoder : IDisposable
{
    private const int Prefix = 16, Question = 24, Side = 24;
    private readonly string folder = Directory.CreateTempSubdirectory("pipeline-benchmark").FullName;
    private readonly Checkpoint checkpoint;

    public RandomDecoder(int layers, int width, int inner, int heads)
    {
        var config = new LlamaConfig { Layers = layers, HiddenSize = width, IntermediateSize = inner, Heads = heads, KeyValueHeads = heads };
        var file = Path.Combine(folder, "model.safetensors");
        using (NewDisposeScope())
        {
            SafetensorsWriter.Write(file, Tensors(config));
        }

        checkpoint = Checkpoint.Open(file, cuda.is_available() ? CUDA : CPU, cuda.is_available() ? ScalarType.BFloat16 : ScalarType.Float32);
        Model = new LlamaModel(checkpoint.Weights, config);
        Shape = new ModelShape
        {
            Architecture = "llama",
            Layers = layers,
            HiddenSize = width,
            IntermediateSize = inner,
            Heads = heads,
            KeyValueHeads = heads,
            VocabularySize = Model.VocabularySize,
            GridHeight = Side,
            GridWidth = Side,
        };
    }

    public LlamaModel Model { get; }

    public ModelShape Shape { get; }

    /// <returns>(B, n, d) random embeddings, and their layout.</returns>
    public (Tensor Embeddings, SequenceLayout Layout) Prompts(int batch)
    {
        var length = Prefix + Shape.VisualTokens + Question;
        var embeddings = randn([batch, length, Shape.HiddenSize], dtype: Model.Dtype, device: Model.Device);
        return (embeddings, new SequenceLayout(Prefix, Shape.VisualTokens, [.. Enumerable.Repeat(new SequenceRow(length, length - 5, [length - 3]), batch)]));
    }

    /// <summary>Waits until the device has done what it was asked.</summary>
    public void Wait()
    {
        if (Model.Device.type == DeviceType.CUDA) cuda.synchronize();
    }

    public void Dispose()
    {
        Model.Dispose();
        checkpoint.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static Dictionary<string, Tensor> Tensors(LlamaConfig config)
    {
        var (width, inner) = (config.HiddenSize, config.IntermediateSize);
        var tensors = new Dictionary<string, Tensor>
        {
            ["model.embed_tokens.weight"] = randn(32, width),
            ["model.norm.weight"] = ones(width),
            ["lm_head.weight"] = randn(32, width),
        };
        for (var layer = 0; layer < config.Layers; layer++)
        {
            var name = $"model.layers.{layer}";
            foreach (var norm in (string[])["input_layernorm", "post_attention_layernorm"]) tensors[$"{name}.{norm}.weight"] = ones(width);
            foreach (var projection in (string[])["q_proj", "k_proj", "v_proj", "o_proj"]) tensors[$"{name}.self_attn.{projection}.weight"] = Matrix(width, width);
            foreach (var projection in (string[])["gate_proj", "up_proj"]) tensors[$"{name}.mlp.{projection}.weight"] = Matrix(inner, width);
            tensors[$"{name}.mlp.down_proj.weight"] = Matrix(width, inner);
        }

        return tensors;
    }

    private static Tensor Matrix(int outputs, int inputs) => randn(outputs, inputs) * (float)(1 / Math.Sqrt(inputs));
}
