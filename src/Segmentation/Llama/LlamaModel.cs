using Pipeline.Segmentation.Checkpoints;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Pipeline.Segmentation.Llama;

/// <summary>LLaMA decoder: embeddings in, hidden states out.</summary>
/// <remarks>
/// transformers 4.31 modeling_llama.py, LlamaForCausalLM. Checkpoint names <c>model.embed_tokens</c>, <c>model.layers.N</c>, <c>model.norm</c>,
/// <c>lm_head</c>. The weights belong to the checkpoint and outlive the model; the model owns its tables only.
/// </remarks>
public sealed class LlamaModel : IDisposable
{
    private readonly Tensor embedding;
    private readonly RmsNorm norm;
    private readonly Tensor head;

    /// <param name="weights">The whole checkpoint, or the part with the names above.</param>
    /// <param name="config">Its sizes.</param>
    /// <exception cref="CheckpointException">A tensor is missing or of another shape.</exception>
    public LlamaModel(Weights weights, LlamaConfig config)
    {
        Config = config;
        embedding = weights["model.embed_tokens"].Get("weight", -1, config.HiddenSize);
        Layers = [.. Enumerable.Range(0, config.Layers).Select(layer => new DecoderLayer(weights[$"model.layers.{layer}"], config))];
        norm = new RmsNorm(weights["model.norm"], config.HiddenSize, config.RmsNormEpsilon);
        head = weights["lm_head"].Get("weight", embedding.shape[0], config.HiddenSize);
        Rotary = new RotaryEmbedding(config.HeadSize, config.RopeTheta, Device, Dtype);
        Mask = new CausalMask(config, Device, Dtype);
    }

    public LlamaConfig Config { get; }

    public Device Device => embedding.device;

    public ScalarType Dtype => embedding.dtype;

    /// <summary>Rows of the embedding table, added tokens included.</summary>
    public int VocabularySize => (int)embedding.shape[0];

    public IReadOnlyList<DecoderLayer> Layers { get; }

    public RotaryEmbedding Rotary { get; }

    public CausalMask Mask { get; }

    /// <param name="ids">(B, n) int64.</param>
    /// <returns>(B, n, d).</returns>
    public Tensor Embed(Tensor ids)
    {
        using var scope = NewDisposeScope();
        return embedding.index_select(0, ids.reshape(-1)).view(ids.shape[0], ids.shape[1], Config.HiddenSize).MoveToOuterDisposeScope();
    }

    /// <summary>Runs all layers and the final norm.</summary>
    /// <param name="embeddings">(B, n, d).</param>
    /// <param name="positions">(B, n), or (1, n) for rows that share them; int64.</param>
    /// <param name="real">(B, cached + n) bool, true on real tokens; needed for padding on the left or padding that new tokens could see.</param>
    /// <param name="cache">Earlier positions; the n new ones are appended.</param>
    /// <param name="trace">Collects what verification looks at.</param>
    /// <returns>(B, n, d) after the final norm.</returns>
    public Tensor Forward(Tensor embeddings, Tensor positions, Tensor? real = null, KeyValueCache? cache = null, ForwardTrace? trace = null)
    {
        using var scope = NewDisposeScope();
        var queries = (int)embeddings.shape[1];
        var keys = queries + (cache?[0].Length ?? 0);
        var mask = real is null ? Mask.For(queries, keys) : Mask.For(queries, keys, real);
        var rotation = Rotary.At(positions);
        var hidden = embeddings;
        for (var layer = 0; layer < Layers.Count; layer++)
        {
            trace?.AddHidden(hidden);
            var next = Layers[layer].Forward(hidden, rotation, mask, cache?[layer], trace?.Tap(mask));
            if (layer > 0) hidden.Dispose();
            hidden = next;
        }

        trace?.AddHidden(hidden);
        return Normalize(hidden).MoveToOuterDisposeScope();
    }

    /// <summary>The final norm.</summary>
    /// <param name="hidden">(..., d).</param>
    public Tensor Normalize(Tensor hidden) => norm.Forward(hidden);

    /// <param name="hidden">(..., d) after the final norm.</param>
    /// <returns>(..., vocabulary).</returns>
    public Tensor Logits(Tensor hidden) => functional.linear(hidden, head);

    public void Dispose()
    {
        Rotary.Dispose();
        Mask.Dispose();
    }
}
