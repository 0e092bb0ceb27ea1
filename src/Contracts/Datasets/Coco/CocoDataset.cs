using System.Globalization;
using System.Runtime.CompilerServices;
using Pipeline.Contracts.Files;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;
using Pipeline.Evaluation;
using Pipeline.Evaluation.Coco;
using Pipeline.Evaluation.Statistics;

namespace Pipeline.Contracts.Datasets.Coco;

/// <summary>The dataset format <c>coco</c>: the categories of COCO's instances as phrases. A sample is an image, an expression a category of which it shows an instance.</summary>
/// <remarks>
/// Images and categories in the order of the file. The truth is the union of a category's instances; its crowd regions are ignored where no instance lies.
/// A category's kind is its supercategory, if all have one and there are no more than a report tells apart.
/// </remarks>
public static class CocoDataset
{
    private const string NoInstances = "images without annotations";
    private const string CrowdOnly = "images with crowd regions only";

    /// <summary>Streams the samples. Memory is <see cref="CocoIndex"/>'s.</summary>
    /// <param name="dataset">With path and images.</param>
    /// <param name="roots">Where annotations and images may lie.</param>
    /// <param name="skipped">Told, for every image that becomes no sample, what kind of image it is.</param>
    /// <returns>Samples with the hash of their image, null where there is none or it cannot be read: that fails its predictions, not the dataset.</returns>
    /// <exception cref="InvalidDataException">The instances file is damaged, or no image has an instance; the message names file and place.</exception>
    public static async IAsyncEnumerable<Sample> ReadAsync(DatasetSpec dataset, DataRoots roots, Action<string>? skipped, [EnumeratorCancellation] CancellationToken token)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var name = Path.GetFileName(dataset.Path!);
        using var instances = CocoIndex.Read(dataset.Path!, token);
        var images = new DataFolder(dataset.Images!, roots);
        var categories = Categories(instances.Categories, name);
        var empty = true;
        foreach (var image in instances.Images)
        {
            token.ThrowIfCancellationRequested();
            var annotations = instances.On(image).ToArray();
            if (annotations.All(annotation => annotation.IsCrowd))
            {
                skipped?.Invoke(annotations.Length == 0 ? NoInstances : CrowdOnly);
                continue;
            }

            empty = false;
            var path = CocoImageFile.Locate(image, images, name);
            var expressions = Expressions(annotations, categories, image).ToArray();
            yield return new Sample(image.Id.ToString(CultureInfo.InvariantCulture), new ImageSource { Path = path }, await FileHash.OfAsync(path, token), expressions);
        }

        if (empty)
            throw new InvalidDataException($"{name}: none of its {instances.Images.Count} images has an annotation; expected a file of instances with their annotations");
    }

    private static IEnumerable<Expression> Expressions(CocoAnnotation[] annotations, Dictionary<long, Category> categories, CocoImage image)
    {
        if (annotations.FirstOrDefault(annotation => !categories.ContainsKey(annotation.Category)) is { } stray)
            throw stray.Fault($"category_id {stray.Category} is none of the file's categories");
        foreach (var found in annotations.GroupBy(annotation => annotation.Category).OrderBy(group => categories[group.Key].Position))
        {
            if (found.Any(annotation => !annotation.IsCrowd))
                yield return new Expression(categories[found.Key].Name, IsSentence: false, Mask(found, image), categories[found.Key].Kind);
        }
    }

    private static MaskSource Mask(IEnumerable<CocoAnnotation> annotations, CocoImage image)
    {
        var parts = annotations.ToLookup(annotation => annotation.IsCrowd, annotation => annotation.DrawParts());
        var target = Union(parts[false], image);
        if (!parts[true].Any())
            return new MaskSource { Rle = target };
        var ignored = RunsOutside(Union(parts[true], image), target);
        return new MaskSource { Rle = target, Ignored = ignored.Area > 0 ? ignored : null };
    }

    private static Rle Union(IEnumerable<IReadOnlyList<Rle>> objects, CocoImage image) =>
        objects.SelectMany(parts => parts).ToArray() is { Length: > 0 } parts ? Rle.Union(parts) : Rle.FromRuns(image.Height, image.Width, [image.Height * image.Width]);

    private static Rle RunsOutside(Rle mask, Rle taken) => Rle.Intersection([mask, Complement(taken)]);

    private static Rle Complement(Rle mask)
    {
        var runs = mask.ToRuns();
        return Rle.FromRuns(mask.Height, mask.Width, runs is [0, ..] ? runs[1..] : [0, .. runs]);
    }

    private static Dictionary<long, Category> Categories(IReadOnlyList<CocoCategory> categories, string file)
    {
        var named = categories.Select(category => category.Supercategory).Distinct().ToArray();
        var told = named.Length <= KindTally.MostKinds && named.All(kind => kind is { Length: <= KindTally.LongestKind });
        return categories.Index().ToDictionary(
            entry => entry.Item.Id,
            entry => new Category(entry.Index, Name(entry.Item, $"{file} categories[{entry.Index}]"), told ? entry.Item.Supercategory : null));
    }

    private static string Name(CocoCategory category, string place) => category.Name?.Trim() switch
    {
        null or "" => throw new InvalidDataException($"{place}: has no name; expected the name of the category, which is what is asked for"),
        { Length: > Expression.LongestText } name => throw new InvalidDataException($"{place}.name: has {name.Length} characters; use at most {Expression.LongestText}"),
        var name => name,
    };

    private sealed record Category(int Position, string Name, string? Kind);
}
