using Pipeline.Contracts.Files;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Synthetic;

namespace Pipeline.Orchestrator.Planning;

/// <summary>The dataset formats, one line each. Every reader streams its samples in a fixed order, ids unique, content hashed, with no more kinds of expressions than a report tells apart.</summary>
internal static class DatasetReaders
{
    private const int ScenesAtOnce = 512;

    /// <exception cref="InvalidDataException">The dataset is damaged; the message names the place.</exception>
    /// <param name="roots">Where images and masks may lie.</param>
    public static IAsyncEnumerable<Sample> ReadAsync(DatasetSpec dataset, DataRoots roots, CancellationToken token) => dataset.Format switch
    {
        "manifest" => ManifestFile.ReadAsync(dataset.Path!, roots, dataset.Urls, token),
        "synthetic" => Scenes(dataset).ToAsyncEnumerable(),
        _ => throw new InvalidDataException($"dataset.format: '{dataset.Format}' is not a dataset format; use manifest or synthetic."),
    };

    /// <summary>Composed on all cores, some hundreds at a time; a scene costs about as much as a thousand lines of a manifest.</summary>
    private static IEnumerable<Sample> Scenes(DatasetSpec dataset) => Enumerable.Range(0, dataset.Count).Chunk(ScenesAtOnce)
        .SelectMany(indices => indices.AsParallel().AsOrdered().Select(index => Compose(dataset, index)).ToArray());

    private static Sample Compose(DatasetSpec dataset, int index)
    {
        var scene = new SyntheticScene(dataset.Seed, index, dataset.Size, dataset.Size, dataset.Split);
        var expressions = SyntheticScenes.Describe(scene, dataset.Expressions).Expressions.Select(expression => expression.ToExpression(mask: null));
        return new Sample($"scene-{index:D7}", new ImageSource { Synthetic = scene }, SyntheticScenes.ContentHash(scene), [.. expressions]);
    }
}
