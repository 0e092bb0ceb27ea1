using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Layers;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Clip;

/// <summary>CLIP's vision transformer: an image becomes one class token and a grid of patch tokens.</summary>
/// <remarks>transformers 4.31, modeling_clip.py, CLIPVisionTransformer. Hidden state 0 is the embedding after <c>pre_layrnorm</c> (sic), i the output of layer i.</remarks>
public sealed class ClipVisionTower
{
    private readonly Tensor classEmbedding;
    private readonly Conv2d patchEmbedding;
    private readonly Tensor positions;
    private readonly LayerNorm preNorm;
    private readonly ClipLayer[] layers;
    private readonly LayerNorm postNorm;

    /// <param name="weights">Root of the checkpoint: names begin with <c>vision_model</c>.</param>
    /// <param name="config">Sizes that the weights do not tell.</param>
    /// <exception cref="CheckpointException">A tensor is missing or does not fit.</exception>
    public ClipVisionTower(Weights weights, ClipConfig config)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(config);
        Config = config;
        var model = weights["vision_model"];
        classEmbedding = model["embeddings"].Get("class_embedding", -1);
        Width = (int)classEmbedding.shape[0];
        model["embeddings"].Get("patch_embedding.weight", Width, 3, config.PatchSize, config.PatchSize);
        patchEmbedding = new Conv2d(model["embeddings"]["patch_embedding"], stride: config.PatchSize, bias: false);
        positions = model["embeddings"].Get("position_embedding.weight", 1 + ((long)config.GridSize * config.GridSize), Width);
        preNorm = new LayerNorm(model["pre_layrnorm"], config.LayerNormEps);
        layers = [.. Enumerable.Range(0, model["encoder"].Count("layers")).Select(i => new ClipLayer(model["encoder"]["layers"][i], config))];
        postNorm = new LayerNorm(model["post_layernorm"], config.LayerNormEps);
    }

    public ClipConfig Config { get; }

    /// <summary>Channels of a token.</summary>
    public int Width { get; }

    public int LayerCount => layers.Length;

    /// <summary>Class and patch tokens before the first layer: hidden state 0.</summary>
    /// <param name="pixels">(B, 3, S, S), normalised.</param>
    /// <returns>(B, 1 + grid^2, C).</returns>
    public Tensor Embed(Tensor pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        using var scope = NewDisposeScope();
        var patches = patchEmbedding.Forward(pixels).flatten(2).transpose(1, 2);
        var classes = classEmbedding.expand(pixels.shape[0], 1, -1);
        return preNorm.Forward(cat([classes, patches], 1) + positions).MoveToOuterDisposeScope();
    }

    /// <param name="layer">0 is the first.</param>
    /// <param name="hidden">(B, T, C): hidden state of that number.</param>
    /// <returns>(B, T, C): the next hidden state.</returns>
    public Tensor Layer(int layer, Tensor hidden) => layers[layer].Forward(hidden);

    /// <summary>Attention of one layer, for those who rank patches by it; row 0 is the class token's.</summary>
    /// <param name="layer">0 is the first.</param>
    /// <param name="hidden">(B, T, C): hidden state of that number.</param>
    /// <returns>Probabilities (B, heads, T, T).</returns>
    public Tensor AttentionProbabilities(int layer, Tensor hidden) => layers[layer].Probabilities(hidden);

    /// <summary>How much the class token looks at each patch in one layer: one row, at the cost of the keys.</summary>
    /// <param name="layer">0 is the first.</param>
    /// <param name="hidden">(B, T, C): hidden state of that number.</param>
    /// <returns>Head mean of the probabilities, (B, grid^2) float32; with what the class token keeps for itself they sum to 1.</returns>
    public Tensor ClassAttention(int layer, Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var row = layers[layer].ClassRow(hidden).mean([1]);
        return row.narrow(1, 1, row.shape[1] - 1).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>How many layers run for a hidden state.</summary>
    /// <param name="select">Hidden state; negative counts from the last, so that -2 is the output of the last layer but one (LLaVA, LISA).</param>
    public int LayersFor(int select) => select < 0 ? layers.Length + 1 + select : select;

    /// <summary>One hidden state; later layers are not run.</summary>
    /// <param name="pixels">(B, 3, S, S), normalised.</param>
    /// <param name="count">Layers that run.</param>
    /// <returns>(B, 1 + grid^2, C).</returns>
    public Tensor HiddenState(Tensor pixels, int count)
    {
        using var scope = NewDisposeScope();
        var hidden = Embed(pixels);
        foreach (var layer in layers.AsSpan(0, count))
            hidden = layer.Forward(hidden);
        return hidden.MoveToOuterDisposeScope();
    }

    /// <summary>Patch tokens of one hidden state; later layers are not run.</summary>
    /// <param name="pixels">(B, 3, S, S), normalised.</param>
    /// <param name="select">As for <see cref="LayersFor"/>.</param>
    /// <returns>(B, grid^2, C).</returns>
    public Tensor Features(Tensor pixels, int select)
    {
        using var scope = NewDisposeScope();
        return Patches(HiddenState(pixels, LayersFor(select))).MoveToOuterDisposeScope();
    }

    /// <param name="hidden">(B, 1 + grid^2, C).</param>
    /// <returns>(B, grid^2, C), without the class token.</returns>
    public static Tensor Patches(Tensor hidden)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        using var scope = NewDisposeScope();
        return hidden.narrow(1, 1, hidden.shape[1] - 1).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>The class token after the last norm.</summary>
    /// <param name="last">(B, T, C): the last hidden state.</param>
    /// <returns>(B, C).</returns>
    public Tensor Pool(Tensor last)
    {
        ArgumentNullException.ThrowIfNull(last);
        using var scope = NewDisposeScope();
        return postNorm.Forward(last.select(1, 0)).MoveToOuterDisposeScope();
    }
}
