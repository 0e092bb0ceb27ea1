namespace Pipeline.Contracts.Manifests;

/// <summary>Where an image comes from: exactly one of the three is given.</summary>
public sealed record ImageSource
{
    /// <summary>JPEG or PNG file, absolute.</summary>
    public string? Path { get; init; }

    /// <summary>Address of a JPEG or PNG, <c>http</c> or <c>https</c>, as the dataset gives it. Its query may be a secret: messages show <see cref="ImageUrl.Plain(string)"/>.</summary>
    public string? Url { get; init; }

    /// <summary>A scene drawn from its parameters.</summary>
    public SyntheticScene? Synthetic { get; init; }

    /// <returns>The file or the address, for messages; null for a scene.</returns>
    public string? Describe() => Url is null ? Path : ImageUrl.Plain(Url);
}
