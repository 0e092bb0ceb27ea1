using System.Runtime.CompilerServices;
using Pipeline.Contracts.Files;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;

namespace Pipeline.Contracts.Datasets.ReasonSeg;

/// <summary>The dataset format <c>reasonseg</c>: ReasonSeg as published, one folder a split of <c>NAME.jpg</c> with <c>NAME.json</c>.</summary>
/// <remarks>LISA utils/dataset.py, ValDataset, and utils/data_processing.py, get_mask_from_json; arXiv 2308.00692.</remarks>
public static class ReasonSegDataset
{
    private const string ImageEnding = ".jpg";
    private const string AnnotationEnding = ".json";

    /// <returns>Names of the folders that hold pairs of image and annotation, in ordinal order.</returns>
    public static IReadOnlyList<string> Splits(string folder) =>
        [.. Directory.EnumerateDirectories(folder).Where(IsSplit).Select(split => Path.GetFileName(split)).Order(StringComparer.Ordinal)];

    /// <summary>Whether a folder holds an image with its annotation.</summary>
    public static bool IsSplit(string folder) =>
        Directory.EnumerateFiles(folder, "*" + ImageEnding).Any(image => File.Exists(Path.ChangeExtension(image, AnnotationEnding)));

    /// <summary>Streams the samples of one split by name; memory is that of the names.</summary>
    /// <param name="dataset">With path, split and texts.</param>
    /// <param name="roots">Where images and annotations may lie.</param>
    /// <returns>Samples with the hash of their image, null where there is none or it cannot be read: that fails its predictions, not the dataset.</returns>
    /// <exception cref="InvalidDataException">An annotation is damaged, an image has none, or there is no sample; the message names file and field.</exception>
    public static async IAsyncEnumerable<Sample> ReadAsync(DatasetSpec dataset, DataRoots roots, [EnumeratorCancellation] CancellationToken token)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var split = new DataFolder(new DataFolder(dataset.Path!, roots).Require(dataset.Split), roots);
        var names = Names(split.In("."));
        if (names.Count == 0)
            throw new InvalidDataException($"{split.In(".")} holds no {ImageEnding} and no {AnnotationEnding} file; expected the pairs of a split of ReasonSeg");
        foreach (var name in names)
        {
            var (image, annotation) = (split.Require(name + ImageEnding), split.Require(name + AnnotationEnding));
            if (!File.Exists(annotation))
                throw new InvalidDataException($"{image} has no {Path.GetFileName(annotation)} beside it; every image needs its annotation");
            var expressions = ReasonSegAnnotation.Read(annotation, allTexts: dataset.Texts == "all");
            yield return new Sample(name, new ImageSource { Path = image }, await FileHash.OfAsync(image, token), expressions);
        }
    }

    private static IReadOnlyList<string> Names(string folder)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            if (Path.GetExtension(file) is ImageEnding or AnnotationEnding)
                names.Add(Path.GetFileNameWithoutExtension(file));
        }

        return names.FirstOrDefault(name => name.Length > Sample.LongestId) is { } tooLong
            ? throw new InvalidDataException($"{folder}: the name '{tooLong}' has {tooLong.Length} characters; a sample's has at most {Sample.LongestId}")
            : [.. names];
    }
}
