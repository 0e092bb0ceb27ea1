using System.Globalization;
using System.Runtime.CompilerServices;
using Pipeline.Contracts.Files;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;
using Pipeline.Evaluation.Coco;

namespace Pipeline.Contracts.Datasets.Refer;

/// <summary>The dataset format <c>refcoco</c>: RefCOCO, RefCOCO+, RefCOCOg and RefCLEF as published for refer. A sample is an image with all that was said of any of its objects.</summary>
/// <remarks>
/// LISA utils/dataset.py, ValDataset: refs of an image in the order of their file, sentences stripped and in lower case, masks summed over their parts.
/// Upstream's order of images is that of a set; here it is that in which refs first name them.
/// </remarks>
public static class ReferDataset
{
    /// <summary>Streams the samples of one split. Memory: the refs file as Python values while it is read, afterwards <see cref="CocoIndex"/> and the split's sentences.</summary>
    /// <param name="dataset">With path, set, split_by and split.</param>
    /// <param name="roots">Where annotations and images may lie.</param>
    /// <returns>Samples with the hash of their image, null where there is none or it cannot be read: that fails its predictions, not the dataset.</returns>
    /// <exception cref="InvalidDataException">A file is damaged or the split is not in it; the message names file and place.</exception>
    public static async IAsyncEnumerable<Sample> ReadAsync(DatasetSpec dataset, DataRoots roots, [EnumeratorCancellation] CancellationToken token)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var (set, splitBy) = (dataset.Set!, dataset.SplitBy!);
        var folder = new DataFolder(dataset.Path!, roots);
        var byImage = RefsFile.Read(folder.Require(ReferFolder.Refs(set, splitBy)), dataset.Split).GroupBy(entry => entry.Image).ToArray();
        using var instances = CocoIndex.Read(folder.Require($"{set}/{ReferFolder.Instances}"), token);
        var images = new DataFolder(folder.Require(ReferFolder.Images(set)), roots);
        foreach (var refs in byImage)
        {
            token.ThrowIfCancellationRequested();
            var image = instances.Find(refs.Key) ?? throw new InvalidDataException($"refs({splitBy}).p {refs.First().Place}.image_id: {refs.Key} is no image of {set}/{ReferFolder.Instances}");
            var path = CocoImageFile.Locate(image, images, $"{set}/{ReferFolder.Instances}");
            var expressions = Expressions(refs, image, instances, splitBy).ToArray();
            yield return new Sample(image.Id.ToString(CultureInfo.InvariantCulture), new ImageSource { Path = path }, await FileHash.OfAsync(path, token), expressions);
        }
    }

    private static IEnumerable<Expression> Expressions(IEnumerable<Ref> refs, CocoImage image, CocoIndex instances, string splitBy)
    {
        var annotations = new Dictionary<long, CocoAnnotation>();
        foreach (var annotation in instances.On(image))
            annotations[annotation.Id] = annotation;
        var masks = new Dictionary<long, MaskSource>();
        foreach (var entry in refs)
        {
            if (!masks.TryGetValue(entry.Annotation, out var mask))
            {
                var annotation = annotations.GetValueOrDefault(entry.Annotation)
                    ?? throw new InvalidDataException($"refs({splitBy}).p {entry.Place}.ann_id: {entry.Annotation} is no annotation of image {image.Id} in {ReferFolder.Instances}");
                masks[entry.Annotation] = mask = MaskLabels.Sum(annotation.DrawParts(), image.Height, image.Width);
            }

            foreach (var sentence in entry.Sentences)
                yield return new Expression(sentence, IsSentence: false, mask);
        }
    }
}
