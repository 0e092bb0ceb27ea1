namespace Pipeline.Contracts.Manifests;

/// <summary>One image with one or more expressions and, if known, ground-truth masks. A line of a manifest slice.</summary>
/// <param name="Id">Unique in its job.</param>
/// <param name="Image">Where the pixels come from.</param>
/// <param name="ContentHash">SHA-256 (lower-case hex) of the image file, or of a scene's parameters; null when the file could not be read while planning, and for an image at an address unless the manifest gives it.</param>
/// <param name="Expressions">At least one, in the dataset's order.</param>
public sealed record Sample(string Id, ImageSource Image, string? ContentHash, IReadOnlyList<Expression> Expressions)
{
    /// <summary>Characters an id may have.</summary>
    public const int LongestId = 200;
}
