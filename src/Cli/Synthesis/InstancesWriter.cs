using System.Text.Json;
using Pipeline.Evaluation;

namespace Pipeline.Cli.Synthesis;

/// <summary>Writes an instances file in COCO's format; memory is that of its images and categories.</summary>
internal sealed class InstancesWriter : IAsyncDisposable
{
    private const int BufferedBytes = 1 << 20;

    private readonly FileStream stream;
    private readonly Utf8JsonWriter json;
    private readonly List<DrawnImage> images = [];
    private readonly Dictionary<string, DrawnCategory> categories = new(StringComparer.Ordinal);
    private int annotations;

    public InstancesWriter(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        stream = File.Create(path);
        json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteStartArray("annotations");
    }

    /// <returns>Id of the image.</returns>
    public int AddImage(string file, int width, int height)
    {
        images.Add(new DrawnImage(images.Count + 1, file, width, height));
        return images.Count;
    }

    /// <returns>Id of the category, the same whenever it is asked for.</returns>
    public int AddCategory(string name, string supercategory)
    {
        if (!categories.TryGetValue(name, out var category))
            categories[name] = category = new DrawnCategory(categories.Count + 1, name, supercategory);
        return category.Id;
    }

    /// <returns>Id of the annotation.</returns>
    public int AddAnnotation(int image, int category, Rle mask)
    {
        var bounds = mask.Bounds;
        var annotation = new
        {
            id = ++annotations,
            image_id = image,
            category_id = category,
            iscrowd = 0,
            area = mask.Area,
            bbox = (int[])[bounds.X, bounds.Y, bounds.Width, bounds.Height],
            segmentation = MaskRectangles.Of(mask).Select(Outline),
        };
        JsonSerializer.Serialize(json, annotation);
        if (json.BytesPending > BufferedBytes)
            json.Flush();
        return annotations;
    }

    public async Task CompleteAsync()
    {
        json.WriteEndArray();
        json.WritePropertyName("images");
        JsonSerializer.Serialize(json, images.Select(image => new { id = image.Id, file_name = image.File, width = image.Width, height = image.Height }));
        json.WritePropertyName("categories");
        JsonSerializer.Serialize(json, categories.Values.Select(category => new { id = category.Id, name = category.Name, supercategory = category.Supercategory }));
        json.WriteEndObject();
        await json.FlushAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await json.DisposeAsync();
        await stream.DisposeAsync();
    }

    private static int[] Outline(PixelBox box)
    {
        var (right, bottom) = (box.X + box.Width, box.Y + box.Height);
        return [box.X, box.Y, right, box.Y, right, bottom, box.X, bottom];
    }

    private sealed record DrawnImage(int Id, string File, int Width, int Height);

    private sealed record DrawnCategory(int Id, string Name, string Supercategory);
}
