namespace Pipeline.Contracts.Jobs;

/// <summary>What a job leaves behind besides metrics.</summary>
public sealed record OutputSpec
{
    /// <summary><c>rle</c>: COCO RLE inside the shard results; <c>png</c>: that and one PNG per mask; <c>none</c>.</summary>
    public string Masks { get; init; } = "rle";

    /// <summary>Samples, evenly spaced over the manifest, shown in the report with every variant's mask.</summary>
    /// <value>Default 12.</value>
    public int Overlays { get; init; } = 12;
}
