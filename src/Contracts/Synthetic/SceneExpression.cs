using Pipeline.Contracts.Manifests;
using Pipeline.Evaluation;

namespace Pipeline.Contracts.Synthetic;

/// <summary>A phrase that exactly one object of its scene satisfies.</summary>
/// <param name="Text">Lower case, one space between words.</param>
/// <param name="Kind">What it takes to understand it.</param>
/// <param name="Target">Index in <see cref="SceneDescription.Objects"/>.</param>
/// <param name="Mask">The target's visible pixels.</param>
public sealed record SceneExpression(string Text, SceneExpressionKind Kind, int Target, Rle Mask)
{
    /// <summary>A whole sentence rather than a phrase; never so in this version.</summary>
    public bool IsSentence { get; init; }

    /// <returns>An expression of a dataset; its kind is <see cref="Kind"/> in lower case.</returns>
    public Expression ToExpression(MaskSource? mask) => new(Text, IsSentence, mask, Kind.ToString().ToLowerInvariant());
}
