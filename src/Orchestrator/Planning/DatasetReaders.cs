using Pipeline.Contracts.Datasets.Coco;
using Pipeline.Contracts.Datasets.ReasonSeg;
using Pipeline.Contracts.Datasets.Refer;
using Pipeline.Contracts.Files;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Synthetic;
using Pipeline.Contracts.Text;

namespace Pipeline.Orchestrator.Planning;

/// <summary>The dataset formats, one line each. Every reader streams its samples in a fixed order, ids unique, content hashed, with no more kinds of expressions than a report tells apart.</summary>
public static class DatasetReaders
{
    private const int ScenesAtOnce = 512;

    /// <param name="roots">Where images and masks may lie.</param>
    /// <exception cref="InvalidDataException">The dataset is damaged; the message names the place.</exception>
    public static IAsyncEnumerable<Sample> ReadAsync(DatasetSpec dataset, DataRoots roots, CancellationToken token) => ReadAsync(dataset, roots, skipped: null, token);

    /// <param name="skipped">Told, for every image that becomes no sample, what kind of image it is.</param>
    /// <inheritdoc cref="ReadAsync(DatasetSpec, DataRoots, CancellationToken)"/>
    public static IAsyncEnumerable<Sample> ReadAsync(DatasetSpec dataset, DataRoots roots, Action<string>? skipped, CancellationToken token) => dataset.Format switch
    {
        "manifest" => ManifestFile.ReadAsync(dataset.Path!, roots, dataset.Urls, token),
        "synthetic" => Scenes(dataset).ToAsyncEnumerable(),
        "reasonseg" => ReasonSegDataset.ReadAsync(dataset, roots, token),
        "refcoco" => ReferDataset.ReadAsync(dataset, roots, token),
        "coco" => CocoDataset.ReadAsync(dataset, roots, skipped, token),
        _ => throw new InvalidDataException($"dataset.format: '{dataset.Format}' is not a dataset format{Suggestion.For(dataset.Format, [.. DatasetSpec.Formats])}"),
    };

    /// <summary>Composed on all cores, some hundreds at a time; a scene costs about as much as a thousand lines of a manifest.</summary>
    private static IEnumerable<Sample> Scenes(DatasetSpec dataset) => Enumerable.Range(0, dataset.Count).Chunk(ScenesAtOnce)
        .SelectMany(indices => indices.AsParallel().AsOrdered().Select(index => Compose(dataset, index)).ToArray());

    private static Sample Compose(DatasetSpec dataset, int index)
    {
        var scene = new SyntheticScene(dataset.Seed, index, dataset.Size, dataset.Size, SyntheticSplits.Parse(dataset.Split));
        var expressions = SyntheticScenes.Describe(scene, dataset.Expressions).Expressions.Select(expression => expression.ToExpression(mask: null));
        return new Sample($"scene-{index:D7}", new ImageSource { Synthetic = scene }, SyntheticScenes.ContentHash(scene), [.. expressions]);
    }
}
