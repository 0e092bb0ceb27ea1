namespace Pipeline.Contracts.Manifests;

/// <summary>Where an image comes from: exactly one of the two is given.</summary>
public sealed record ImageSource
{
    /// <summary>JPEG or PNG file, absolute.</summary>
    public string? Path { get; init; }

    /// <summary>A scene drawn from its parameters.</summary>
    public SyntheticScene? Synthetic { get; init; }
}
