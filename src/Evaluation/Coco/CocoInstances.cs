namespace Pipeline.Evaluation.Coco;

/// <summary>A ground-truth file in COCO's format: <c>{"images": [...], "categories": [...], "annotations": [...]}</c>.</summary>
/// <remarks>pycocotools/coco.py, COCO.createIndex.</remarks>
public sealed class CocoInstances
{
    private readonly Dictionary<long, CocoImage> images = [];
    private readonly Dictionary<long, CocoCategory> categories = [];
    private readonly List<CocoTruth> truths = [];

    private CocoInstances(string file) => File = file;

    /// <summary>Name of the file.</summary>
    public string File { get; }

    /// <summary>By id.</summary>
    public IReadOnlyDictionary<long, CocoImage> Images => images;

    /// <summary>By id.</summary>
    public IReadOnlyDictionary<long, CocoCategory> Categories => categories;

    /// <summary>In the order of the file, those on images that are listed.</summary>
    public IReadOnlyList<CocoTruth> Truths => truths;

    /// <summary>Reads images and categories only.</summary>
    /// <inheritdoc cref="Read(string, CocoIouType)"/>
    public static CocoInstances ReadIndex(string path)
    {
        var instances = new CocoInstances(Path.GetFileName(path));
        var lists = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in JsonLists.Read(path))
        {
            lists.Add(entry.List);
            if (entry.List == "images")
                instances.AddImage(entry.Item.RequireObject());
            else if (entry.List == "categories")
                instances.AddCategory(entry.Item.RequireObject());
        }

        if (lists.Contains(""))
            throw new InvalidDataException($"{instances.File} is a list; expected an object with images, categories and annotations (a list is what detections come in)");
        if (instances.images.Count == 0)
            throw new InvalidDataException($"{instances.File} lists no images; expected an object with images, categories and annotations");
        return instances;
    }

    /// <summary>Reads the file twice, since annotations may stand before the images they are on.</summary>
    /// <param name="type">Which of mask and box every annotation must have.</param>
    /// <exception cref="InvalidDataException">The file is not as documented; the message names file, place and field.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static CocoInstances Read(string path, CocoIouType type)
    {
        var instances = ReadIndex(path);
        var places = new Dictionary<long, string>();
        foreach (var entry in JsonLists.Read(path))
        {
            if (entry.List != "annotations")
                continue;
            var item = entry.Item.RequireObject();
            var id = item.Id("id");
            if (!places.TryAdd(id, item.Place))
                throw item.Fault($"id {id} is already that of {places[id]}; every annotation needs an id of its own");
            if (instances.images.TryGetValue(item.Id("image_id"), out var image))
                instances.truths.Add(new CocoTruth(id, image.Id, item.Id("category_id"), item.Has("iscrowd") && item.Flag("iscrowd"), Region(item, image, type)));
        }

        return instances;
    }

    private static CocoRegion Region(JsonItem item, CocoImage image, CocoIouType type) => type == CocoIouType.Bbox
        ? new CocoRegion(item.Number("area"), Box(item), null)
        : new CocoRegion(item.Number("area"), default, CocoSegmentation.Read(item, image.Height, image.Width));

    internal static CocoBox Box(JsonItem item) => item.Numbers("bbox", "[x, y, width, height]") is [var x, var y, var width, var height]
        ? new CocoBox(x, y, width, height)
        : throw item.Get("bbox", "").Fault($"expected [x, y, width, height], found {JsonItem.Kind(item.Value.GetProperty("bbox"))}");

    private void AddImage(JsonItem item)
    {
        var image = ReadImage(item);
        if (!images.TryAdd(image.Id, image))
            throw item.Fault($"id {image.Id} is already that of another image");
    }

    private void AddCategory(JsonItem item)
    {
        var category = ReadCategory(item);
        if (!categories.TryAdd(category.Id, category))
            throw item.Fault($"id {category.Id} is already that of another category");
    }

    internal static CocoImage ReadImage(JsonItem item)
    {
        var image = new CocoImage(item.Id("id"), item.Has("file_name") ? item.Text("file_name", "the name of an image file") : null, item.Side("height"), item.Side("width"));
        return (long)image.Height * image.Width <= Rle.MaxPixels ? image : throw item.Fault($"has {image.Height}x{image.Width} pixels; at most {Rle.MaxPixels}");
    }

    internal static CocoCategory ReadCategory(JsonItem item) => new(
        item.Id("id"),
        item.Has("name") ? item.Text("name", "the name of the category") : null,
        item.Has("supercategory") ? item.Text("supercategory", "the name of what the category is one of") : null);
}
