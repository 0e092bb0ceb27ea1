using System.Globalization;
using System.Text.Json;
using Pipeline.Segmentation.Images;
using Pipeline.Segmentation.Superpixels;
using Pipeline.Segmentation.Tests.Images;
using Pipeline.Segmentation.Verification;

namespace Pipeline.Segmentation.Tests.Superpixels;

/// <summary>A tiny image and scikit-image 0.19.3's label map of it. The file holds inputs and outputs of its <c>slic</c> where the rules are odd.</summary>
internal sealed record UpstreamCase(string Name, int Height, int Width, byte[] Samples, JsonElement Params, string Labels)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static IReadOnlyList<UpstreamCase> All { get; } = JsonSerializer.Deserialize<UpstreamCase[]>(
        File.ReadAllBytes(Path.Combine(GoldenFile.Root, "..", "Segmentation.Tests", "Superpixels", "upstream-cases.json")), Options)!;

    public int[] Expected => [.. Labels.Split(' ').Select(label => int.Parse(label, CultureInfo.InvariantCulture))];

    public LabelMap Segment()
    {
        var options = SlicParameters.Read(Params);
        return Samples.Length == Height * Width ? Slic.SegmentGray(Width, Height, Samples, options) : Slic.Segment(new RgbImage(Width, Height, Samples), options);
    }
}
