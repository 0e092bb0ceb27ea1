using static TorchSharp.torch;

namespace Pipeline.Segmentation.Sam;

/// <summary>What tells the mask decoder which object is meant; any mixture, all of the same number N.</summary>
public sealed record Prompts
{
    /// <summary>(N, P, 2) x and y in pixels of the encoder's input; given together with <see cref="Labels"/>.</summary>
    public Tensor? Points { get; init; }

    /// <summary>(N, P) int64: 1 on the object, 0 beside it, -1 no point.</summary>
    public Tensor? Labels { get; init; }

    /// <summary>(N, 4) x0, y0, x1, y1 in pixels of the encoder's input.</summary>
    public Tensor? Boxes { get; init; }

    /// <summary>(N, 1, 4 grid, 4 grid) mask logits.</summary>
    public Tensor? Masks { get; init; }

    /// <summary>(N, T, C) embeddings: LISA's projected [SEG] states, T = 1.</summary>
    public Tensor? TextEmbeddings { get; init; }
}
