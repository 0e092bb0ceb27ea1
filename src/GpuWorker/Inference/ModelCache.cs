namespace Pipeline.GpuWorker.Inference;

/// <summary>Keeps the model of the last shard loaded, since the next shard nearly always wants the same one.</summary>
/// <remarks>One model at a time: a second one beside it is what a GPU has no room for. Each slot has a cache of its own. All members but disposal run on the inference thread.</remarks>
/// <param name="thread">Where models are loaded, used and disposed.</param>
/// <param name="load">Reads a model from disk.</param>
public sealed class ModelCache(InferenceThread thread, Func<ModelKey, IImageModel> load) : IAsyncDisposable
{
    private (ModelKey Key, IImageModel Model)? current;

    /// <summary>The model, loaded now if it is not the last one. Call it on the inference thread.</summary>
    public IImageModel Get(ModelKey key)
    {
        if (current is not { } kept || kept.Key != key)
        {
            Drop();
            current = (key, load(key));
        }

        return current!.Value.Model;
    }

    public async ValueTask DisposeAsync() => await thread.RunAsync(Drop);

    private bool Drop()
    {
        var had = current is not null;
        current?.Model.Dispose();
        current = null;
        return had;
    }
}
