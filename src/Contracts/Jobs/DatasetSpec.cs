using System.Text.Json.Serialization;
using Pipeline.Contracts.Manifests;

namespace Pipeline.Contracts.Jobs;

/// <summary>Where a job's samples come from.</summary>
/// <param name="Format"><c>manifest</c> (JSON lines on disk) or <c>synthetic</c> (scenes made from a seed).</param>
public sealed record DatasetSpec(string Format)
{
    /// <summary>Manifest file, absolute after reading. Only with <c>manifest</c>.</summary>
    public string? Path { get; init; }

    /// <summary>Whether images of the manifest may lie at addresses. Only with <c>manifest</c>.</summary>
    /// <value>Default <see cref="ImageUrls.Refuse"/>.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ImageUrls Urls { get; init; }

    /// <summary>Scenes to make. Only with <c>synthetic</c>.</summary>
    public int Count { get; init; }

    /// <summary>Seed of the scenes. Only with <c>synthetic</c>.</summary>
    public int Seed { get; init; }

    /// <summary>Side of the square scenes in pixels. Only with <c>synthetic</c>.</summary>
    /// <value>Default 256.</value>
    public int Size { get; init; } = 256;

    /// <summary>Part of the scenes. Only with <c>synthetic</c>.</summary>
    /// <value>Default <see cref="SyntheticSplit.Heldout"/>.</value>
    [JsonConverter(typeof(SyntheticSplitConverter))]
    public SyntheticSplit Split { get; init; }

    /// <summary>Expressions of each scene. Only with <c>synthetic</c>.</summary>
    /// <value>Default 3.</value>
    public int Expressions { get; init; } = 3;
}
