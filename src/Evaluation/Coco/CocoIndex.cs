using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Evaluation.Coco;

/// <summary>An instances file of any size: its images, its categories, and where each annotation stands, so that those of one image are read when they are wanted.</summary>
/// <remarks>Memory: 24 bytes an annotation and about 200 an image; twice as much of the annotations while it is read.</remarks>
public sealed class CocoIndex : IDisposable
{
    private readonly string name;
    private readonly SafeFileHandle file;
    private readonly List<CocoImage> images = [];
    private readonly Dictionary<long, CocoImage> byId = [];
    private readonly Dictionary<long, CocoCategory> categories = [];
    private readonly List<CocoCategory> categoriesInOrder = [];
    private Place[] places = [];

    private CocoIndex(string path)
    {
        name = Path.GetFileName(path);
        file = File.OpenHandle(path);
    }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<CocoImage> Images => images;

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<CocoCategory> Categories => categoriesInOrder;

    /// <summary>Reads the file once, from start to end.</summary>
    /// <exception cref="InvalidDataException">The file is not as documented; the message names file, place and field.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static CocoIndex Read(string path, CancellationToken token)
    {
        var index = new CocoIndex(path);
        try
        {
            index.Fill(path, token);
            return index;
        }
        catch
        {
            index.Dispose();
            throw;
        }
    }

    /// <returns>The image of this id; null where the file lists none.</returns>
    public CocoImage? Find(long image) => byId.GetValueOrDefault(image);

    /// <summary>Reads the annotations of one image, in the order of the file.</summary>
    /// <exception cref="InvalidDataException">An annotation is not as documented, or the file was changed meanwhile.</exception>
    public IEnumerable<CocoAnnotation> On(CocoImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var first = Array.BinarySearch(places, new Place(image.Id, 0, 0, 0));
        for (var at = first < 0 ? ~first : first; at < places.Length && places[at].Image == image.Id; at++)
            yield return new CocoAnnotation(ReadItem(places[at]), image);
    }

    public void Dispose() => file.Dispose();

    private void Fill(string path, CancellationToken token)
    {
        var found = new List<Place>();
        var annotations = 0;
        foreach (var (list, item, start, length) in JsonLists.Read(path))
        {
            token.ThrowIfCancellationRequested();
            switch (list)
            {
                case "images":
                    AddImage(item.RequireObject());
                    break;
                case "categories":
                    AddCategory(item.RequireObject());
                    break;
                case "annotations":
                    found.Add(new Place(item.RequireObject().Id("image_id"), start, length, annotations++));
                    break;
                case "":
                    throw new InvalidDataException($"{name} is a list; expected an object with images, categories and annotations (a list is what detections come in)");
            }
        }

        if (images.Count == 0)
            throw new InvalidDataException($"{name} lists no images; expected an object with images, categories and annotations");
        places = [.. found];
        Array.Sort(places);
    }

    private void AddImage(JsonItem item)
    {
        var image = CocoInstances.ReadImage(item);
        if (!byId.TryAdd(image.Id, image))
            throw item.Fault($"id {image.Id} is already that of another image");
        images.Add(image);
    }

    private void AddCategory(JsonItem item)
    {
        var category = CocoInstances.ReadCategory(item);
        if (!categories.TryAdd(category.Id, category))
            throw item.Fault($"id {category.Id} is already that of another category");
        categoriesInOrder.Add(category);
    }

    private JsonItem ReadItem(Place place)
    {
        var bytes = new byte[place.Length];
        var read = RandomAccess.Read(file, bytes, place.Start);
        try
        {
            var reader = new Utf8JsonReader(bytes.AsSpan(0, read));
            return new JsonItem(name, $"annotations[{place.Index}]", JsonElement.ParseValue(ref reader)).RequireObject();
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{name} annotations[{place.Index}]: is not what it was when the file was opened; leave the file alone while it is read", fault);
        }
    }

    /// <summary>By image, then as they stand in the file.</summary>
    private readonly record struct Place(long Image, long Start, int Length, int Index) : IComparable<Place>
    {
        public int CompareTo(Place other) => Image != other.Image ? Image.CompareTo(other.Image) : Start.CompareTo(other.Start);
    }
}
