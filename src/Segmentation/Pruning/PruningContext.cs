using static TorchSharp.torch;

namespace Pipeline.Segmentation.Pruning;

/// <summary>What a step sees. The tensors live until the step returns.</summary>
public sealed class PruningContext
{
    /// <summary>The layer about to run.</summary>
    public required int Layer { get; init; }

    /// <summary>(B, n, d), hidden states before that layer.</summary>
    public required Tensor Hidden { get; init; }

    /// <summary>(B, n) or (1, n) int64, current position ids.</summary>
    public required Tensor Positions { get; init; }

    /// <summary>Layout of the full sequence.</summary>
    public required SequenceLayout Layout { get; init; }

    /// <summary>(B, k) int64, original indices of the visual tokens that are present, ascending. They stand at the layout's visual start.</summary>
    public required Tensor Tokens { get; init; }

    /// <summary>(B, N, d), all visual tokens as they entered the model.</summary>
    public required Tensor VisualEmbeddings { get; init; }

    public required ImageEvidence Image { get; init; }

    /// <summary>(B, heads, n) float32, the attention row the step asked for, over all present tokens; 0 behind the query.</summary>
    public Tensor? AttentionRow { get; init; }

    /// <summary>Visual tokens present.</summary>
    public int VisualTokens => (int)Tokens.shape[1];

    /// <summary>(B, k, d), hidden states of the visual tokens that are present.</summary>
    public Tensor VisualHidden => Hidden.narrow(1, Layout.VisualStart, VisualTokens);

    /// <summary>(B, heads, k) float32, the visual part of <see cref="AttentionRow"/>.</summary>
    /// <exception cref="InvalidOperationException">The step asked for no attention row.</exception>
    public Tensor VisualAttention =>
        AttentionRow?.narrow(-1, Layout.VisualStart, VisualTokens) ?? throw new InvalidOperationException("the step asked for no attention row");
}
