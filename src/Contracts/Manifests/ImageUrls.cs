namespace Pipeline.Contracts.Manifests;

/// <summary>Whether the images of a manifest may lie at <c>http</c> and <c>https</c> addresses, which workers then fetch.</summary>
public enum ImageUrls
{
    /// <summary>Images are files.</summary>
    Refuse,

    /// <summary>Images are files, or are fetched.</summary>
    Allow,
}
