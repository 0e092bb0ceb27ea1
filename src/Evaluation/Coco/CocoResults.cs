using System.Text.Json;

namespace Pipeline.Evaluation.Coco;

/// <summary>Detections in COCO's results format: a list of <c>{"image_id", "category_id", "score"}</c> with <c>"bbox"</c>, <c>"segmentation"</c> or both.</summary>
/// <remarks>pycocotools/coco.py, loadRes: if the first one has a box, areas are those of boxes even where masks are compared; else those of masks.</remarks>
public static class CocoResults
{
    /// <param name="path">A file; an empty list is no detections.</param>
    /// <param name="truth">What they are for.</param>
    /// <param name="type">What is going to be compared.</param>
    /// <returns>In the order of the file.</returns>
    /// <exception cref="InvalidDataException">The file is not as documented, or an image is not in <paramref name="truth"/>; the message names file and place.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static IReadOnlyList<CocoDetection> Read(string path, CocoInstances truth, CocoIouType type)
    {
        ArgumentNullException.ThrowIfNull(truth);
        var detections = new List<CocoDetection>();
        bool? boxed = null;
        foreach (var entry in JsonLists.Read(path))
        {
            if (entry.List.Length > 0)
                throw new InvalidDataException($"{Path.GetFileName(path)} is an object with '{entry.List}'; expected a list of detections");
            var item = entry.Item.RequireObject();
            var image = truth.Images.TryGetValue(item.Id("image_id"), out var found)
                ? found
                : throw item.Fault($"image_id {item.Id("image_id")} is not an image of {truth.File}");
            boxed ??= HasBox(item);
            detections.Add(new CocoDetection(image.Id, item.Id("category_id"), item.Number("score"), Region(item, image, type, boxed.Value)));
        }

        return detections;
    }

    private static CocoRegion Region(JsonItem item, CocoImage image, CocoIouType type, bool boxed)
    {
        if (!boxed && !item.Has("segmentation"))
            throw item.Fault("has neither bbox nor segmentation, or has no segmentation where the first detection has no bbox either");
        var mask = item.Has("segmentation") && (type == CocoIouType.Segm || !boxed) ? CocoSegmentation.Read(item, image.Height, image.Width) : null;
        var box = boxed || HasBox(item) ? CocoInstances.Box(item) : Box(mask!.Bounds);
        if (type == CocoIouType.Segm)
            mask ??= Rle.FromBox(box.X, box.Y, box.Width, box.Height, image.Height, image.Width);
        return new CocoRegion(boxed ? box.Area : mask!.Area, box, mask);
    }

    private static bool HasBox(JsonItem item) => item.Has("bbox") && item.Value.GetProperty("bbox") is var box && (box.ValueKind != JsonValueKind.Array || box.GetArrayLength() > 0);

    private static CocoBox Box(PixelBox bounds) => new(bounds.X, bounds.Y, bounds.Width, bounds.Height);
}
