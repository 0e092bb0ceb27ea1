using System.Text.Json;

namespace Pipeline.Evaluation.Coco;

/// <summary>The <c>segmentation</c> of a COCO annotation.</summary>
/// <remarks>pycocotools/coco.py, annToRLE; pycocotools/_mask.pyx, frPyObjects.</remarks>
internal static class CocoSegmentation
{
    private const string Right = "a list of polygons [[x, y, x, y, ...], ...], or COCO RLE {\"size\": [height, width], \"counts\": ...}";
    private const int BoxNumbers = 4;

    /// <summary>All parts together.</summary>
    public static Rle Read(JsonItem annotation, int height, int width) =>
        ReadParts(annotation, height, width) is { Count: > 0 } parts ? Rle.Union(parts) : Rle.FromRuns(height, width, [height * width]);

    /// <returns>A mask per polygon, or the one there is; none for an empty list.</returns>
    /// <exception cref="InvalidDataException">It is something else, damaged, or of another size than its image.</exception>
    public static IReadOnlyList<Rle> ReadParts(JsonItem annotation, int height, int width)
    {
        var segmentation = annotation.Get("segmentation", Right);
        return segmentation.Value.ValueKind switch
        {
            JsonValueKind.Object => [ReadRle(segmentation, height, width)],
            JsonValueKind.Array when segmentation.Value.EnumerateArray().Any(part => part.ValueKind == JsonValueKind.Object) =>
                [.. segmentation.Items().Select(part => ReadRle(part.RequireObject(), height, width))],
            JsonValueKind.Array => [.. segmentation.Items().Select(part => ReadPolygon(part, height, width))],
            _ => throw segmentation.Fault($"expected {Right}, found {JsonItem.Kind(segmentation.Value)}"),
        };
    }

    private static Rle ReadPolygon(JsonItem part, int height, int width)
    {
        var points = part.Numbers("the polygon's x, y, x, y, ...");
        try
        {
            // pycocotools takes four numbers for a box.
            return points.Length == BoxNumbers
                ? Rle.FromBox(points[0], points[1], points[2], points[3], height, width)
                : points.Length > BoxNumbers ? Rle.FromPolygon(points, height, width) : throw part.Fault($"has {points.Length} numbers; a polygon has at least 6");
        }
        catch (InvalidDataException fault) when (!fault.Message.Contains(part.Place, StringComparison.Ordinal))
        {
            throw part.Fault(fault.Message);
        }
    }

    private static Rle ReadRle(JsonItem item, int height, int width)
    {
        try
        {
            var mask = item.Value.Deserialize<Rle>()!;
            if (mask.Height != height || mask.Width != width)
                throw item.Fault($"the mask has {mask.Height}x{mask.Width} pixels (height x width), its image {height}x{width}");
            _ = mask.Area;
            return mask;
        }
        catch (Exception fault) when (fault is JsonException || fault is InvalidDataException && !fault.Message.Contains(item.Place, StringComparison.Ordinal))
        {
            throw item.Fault(fault.Message);
        }
    }
}
