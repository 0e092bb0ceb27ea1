namespace Pipeline.Evaluation.Coco;

/// <summary>One annotation of an instances file, its mask not yet drawn.</summary>
public sealed class CocoAnnotation
{
    private readonly JsonItem item;
    private readonly CocoImage image;

    internal CocoAnnotation(JsonItem item, CocoImage image)
    {
        (this.item, this.image) = (item, image);
        Id = item.Id("id");
        Category = item.Id("category_id");
        IsCrowd = item.Has("iscrowd") && item.Flag("iscrowd");
    }

    public long Id { get; }

    /// <summary>Id of its category.</summary>
    public long Category { get; }

    /// <summary>A region of many objects.</summary>
    public bool IsCrowd { get; }

    /// <summary>Draws the mask.</summary>
    /// <returns>A mask of the image's size for every polygon, or the run-length encoded ones there are; none for an empty list.</returns>
    /// <exception cref="InvalidDataException">It is damaged, or of another size than its image; the message names file and place.</exception>
    public IReadOnlyList<Rle> DrawParts() => CocoSegmentation.ReadParts(item, image.Height, image.Width);

    /// <returns>A fault that names file and place.</returns>
    public InvalidDataException Fault(string message)
    {
        ArgumentException.ThrowIfNullOrEmpty(message);
        return item.Fault(message);
    }
}
