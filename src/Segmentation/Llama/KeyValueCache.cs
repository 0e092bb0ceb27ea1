using static TorchSharp.torch;

namespace Pipeline.Segmentation.Llama;

/// <summary>Keys and values of all layers. Lengths differ between layers where tokens were pruned on the way.</summary>
public sealed class KeyValueCache(int layers) : IDisposable
{
    private readonly LayerCache[] caches = [.. Enumerable.Range(0, layers).Select(_ => new LayerCache())];

    public LayerCache this[int layer] => caches[layer];

    /// <summary>Positions held by each layer.</summary>
    public IReadOnlyList<int> Lengths => [.. caches.Select(cache => cache.Length)];

    /// <summary>Lets all other sequences go.</summary>
    /// <param name="sequences">Their places in the batch, int64.</param>
    public void Keep(Tensor sequences)
    {
        foreach (var cache in caches) cache.Keep(sequences);
    }

    public void Dispose()
    {
        foreach (var cache in caches) cache.Dispose();
    }
}
