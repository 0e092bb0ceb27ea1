using Pipeline.Contracts.Models;
using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Clip;
using Pipeline.Segmentation.Layers;
using Pipeline.Segmentation.Llama;
using Pipeline.Segmentation.Pruning;
using Pipeline.Segmentation.Sam;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Lisa;

/// <summary>LISA's networks and how they are joined, from pixels and token ids to mask logits.</summary>
/// <remarks>arXiv 2308.00692; LISA's model/LISA.py, LISAForCausalLM.</remarks>
public sealed class LisaNetwork : IDisposable
{
    private readonly LisaConfig config;
    private readonly Linear projector;
    private readonly Mlp textProjection;

    /// <param name="weights">Root of the LISA checkpoint.</param>
    /// <param name="towerWeights">Root of the CLIP checkpoint.</param>
    /// <param name="config">Of the LISA checkpoint.</param>
    /// <param name="towerConfig">Of the CLIP checkpoint.</param>
    /// <param name="samConfig">Sizes that SAM's weights do not tell.</param>
    /// <exception cref="CheckpointException">A tensor is missing or does not fit.</exception>
    public LisaNetwork(Weights weights, Weights towerWeights, LisaConfig config, ClipConfig towerConfig, SamConfig samConfig)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(towerConfig);
        this.config = config;
        VisionTower = new ClipVisionTower(towerWeights, towerConfig);
        if (LastVisionLayer < 0 || LastVisionLayer >= VisionTower.LayerCount)
            throw new CheckpointException($"mm_vision_select_layer {config.SelectLayer} is no layer's output in a vision tower of {VisionTower.LayerCount} layers; use 1 to {VisionTower.LayerCount}, or {-VisionTower.LayerCount} to -1 from the end");
        projector = new Linear(weights["model.mm_projector"], VisionTower.Width, config.Language.HiddenSize);
        Language = new LlamaModel(weights, config.Language);
        Sam = new SamModel(weights["model.visual_model"], samConfig);
        var text = weights["model.text_hidden_fcs.0"];
        textProjection = new Mlp(
            Activation.Relu,
            new Linear(text[0], config.Language.HiddenSize, config.Language.HiddenSize),
            new Linear(text[2], config.Language.HiddenSize, Sam.PromptEncoder.Channels));
        Shape = ShapeOf(config, towerConfig, Language.VocabularySize);
    }

    public ModelShape Shape { get; }

    public ClipVisionTower VisionTower { get; }

    public LlamaModel Language { get; }

    public SamModel Sam { get; }

    public static ModelShape ShapeOf(LisaConfig config, ClipConfig tower, int vocabulary)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(tower);
        return new ModelShape
        {
            Architecture = "lisa",
            Layers = config.Language.Layers,
            HiddenSize = config.Language.HiddenSize,
            IntermediateSize = config.Language.IntermediateSize,
            Heads = config.Language.Heads,
            KeyValueHeads = config.Language.KeyValueHeads,
            VocabularySize = vocabulary,
            MaxPositions = config.Language.MaxPositions,
            GridHeight = tower.GridSize,
            GridWidth = tower.GridSize,
        };
    }

    /// <param name="pixels">(B, 3, S, S), normalised for CLIP.</param>
    /// <returns>Features of the vision tower, (B, N, C).</returns>
    public Tensor VisualFeatures(Tensor pixels) => VisionTower.Features(pixels, config.SelectLayer);

    /// <summary>The same features, with what went into the last vision layer that makes them: that layer's attention can still be asked for.</summary>
    /// <param name="pixels">(B, 3, S, S), normalised for CLIP.</param>
    /// <returns>Features (B, N, C) and the input of the layer (B, 1 + N, C).</returns>
    public (Tensor Features, Tensor LastInput) VisualFeaturesAndInput(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var input = VisionTower.HiddenState(pixels, LastVisionLayer);
        var features = ClipVisionTower.Patches(VisionTower.Layer(LastVisionLayer, input));
        return (features.MoveToOuterDisposeScope(), input.MoveToOuterDisposeScope());
    }

    /// <param name="lastInput">(B, 1 + N, C), from <see cref="VisualFeaturesAndInput"/>.</param>
    /// <returns>How much the class token looks at each patch in that layer, head mean, (B, N) float32.</returns>
    public Tensor ClassAttention(Tensor lastInput) => VisionTower.ClassAttention(LastVisionLayer, lastInput);

    /// <param name="features">(B, N, C).</param>
    /// <returns>Visual tokens, (B, N, d).</returns>
    public Tensor Project(Tensor features) => projector.Forward(features);

    /// <summary>One pass of the language model over conversations about one image.</summary>
    /// <param name="rows">Conversations.</param>
    /// <param name="layout">Theirs.</param>
    /// <param name="visual">(1, N, d).</param>
    /// <param name="pruning">Which visual tokens are dropped where.</param>
    /// <param name="evidence">What pruning may know about the image.</param>
    /// <param name="cache">Empty; filled when an answer is to be generated.</param>
    /// <param name="trace">Empty; told which visual tokens each stage runs on.</param>
    public PrunedSequence Read(
        IReadOnlyList<TokenRow> rows,
        SequenceLayout layout,
        Tensor visual,
        IPruningMethod pruning,
        ImageEvidence evidence,
        KeyValueCache? cache = null,
        PruningTrace? trace = null)
    {
        ArgumentNullException.ThrowIfNull(pruning);
        using var scope = NewDisposeScope();
        var embeddings = ImageSplice.Embed(Language, rows, visual);
        return PruningExecutor.Run(Language, embeddings, layout, pruning.Plan(Shape), evidence, cache, trace);
    }

    /// <param name="hidden">(N, d): states that predict a [SEG].</param>
    /// <returns>(N, C): what the mask decoder is asked for.</returns>
    public Tensor MaskPrompts(Tensor hidden) => textProjection.Forward(hidden);

    public void Dispose() => Language.Dispose();

    private int LastVisionLayer => VisionTower.LayersFor(config.SelectLayer) - 1;
}
