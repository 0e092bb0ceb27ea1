using System.Text.Json.Serialization;
using Pipeline.Contracts.Manifests;

namespace Pipeline.Contracts.Jobs;

/// <summary>Where a job's samples come from.</summary>
/// <param name="Format">One of <see cref="Formats"/>.</param>
public sealed record DatasetSpec(string Format)
{
    /// <summary>
    /// <c>manifest</c> (JSON lines on disk), <c>synthetic</c> (scenes made from a seed), and three published layouts: <c>reasonseg</c>, <c>refcoco</c>
    /// (all that come as <c>refs(...).p</c>) and <c>coco</c> (instances).
    /// </summary>
    public static IReadOnlyList<string> Formats { get; } = ["manifest", "synthetic", "reasonseg", "refcoco", "coco"];

    /// <summary>Manifest file, folder of the layout or instances file, absolute after reading. Not with <c>synthetic</c>.</summary>
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

    /// <summary>Part of the scenes or of the dataset, as its format names them. With <c>synthetic</c>, <c>reasonseg</c> and <c>refcoco</c>.</summary>
    /// <value>Default <c>heldout</c>, the synthetic scenes for measuring.</value>
    public string Split { get; init; } = "heldout";

    /// <summary>Expressions of each scene. Only with <c>synthetic</c>.</summary>
    /// <value>Default 3.</value>
    public int Expressions { get; init; } = 3;

    /// <summary>Folder of the images, absolute after reading. Only with <c>coco</c>.</summary>
    public string? Images { get; init; }

    /// <summary><c>refcoco</c>, <c>refcoco+</c>, <c>refcocog</c> or <c>refclef</c>. Only with <c>refcoco</c>.</summary>
    public string? Set { get; init; }

    /// <summary>Whose division into splits: <c>unc</c>, <c>umd</c>, <c>google</c>, ... Only with <c>refcoco</c>.</summary>
    [JsonPropertyName("split_by")]
    public string? SplitBy { get; init; }

    /// <summary>Texts taken of an annotation: <c>first</c> or <c>all</c>. Only with <c>reasonseg</c>.</summary>
    public string? Texts { get; init; }
}
