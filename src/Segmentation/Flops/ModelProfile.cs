using Pipeline.Contracts.Models;

namespace Pipeline.Segmentation.Flops;

/// <summary>A whole model in sizes: the language model and the networks around it. Enough to say what a prefill costs, without weights.</summary>
public sealed record ModelProfile
{
    /// <summary>Name in the catalogue, or folder of the checkpoint.</summary>
    public required string Name { get; init; }

    public required ModelShape Shape { get; init; }

    /// <summary>Multiply-adds of everything that turns the image into features for the language model.</summary>
    public required double VisionTower { get; init; }

    /// <summary>Widths through the projector, from features to visual tokens.</summary>
    public required IReadOnlyList<int> Projector { get; init; }

    /// <summary>Widths through the projection of a [SEG] state to a mask prompt; empty for a model without masks.</summary>
    public IReadOnlyList<int> MaskPrompt { get; init; } = [];

    /// <summary>Multiply-adds of an image encoder that only masks need; 0 for none.</summary>
    public double MaskEncoder { get; init; }

    /// <summary>Multiply-adds of one mask; 0 for a model without masks.</summary>
    public double MaskDecoder { get; init; }

    /// <summary>The same model with another number of visual tokens: a square where it is one, else rows of the model's own width, else one column.</summary>
    /// <remarks>Vision tower and mask networks stay as they are.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public ModelProfile WithVisualTokens(int tokens)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 1);
        var side = (int)Math.Sqrt(tokens);
        var width = side * side == tokens ? side : tokens % Shape.GridWidth == 0 ? Shape.GridWidth : 1;
        return this with { Shape = Shape with { GridHeight = tokens / width, GridWidth = width } };
    }
}
