namespace Pipeline.GpuWorker.Inference;

/// <summary>What one shard at a time runs on: a thread for its tensors, and the model that is kept there. Slots share nothing that changes.</summary>
public sealed class InferenceSlot(InferenceThread thread, ModelCache models) : IAsyncDisposable
{
    /// <param name="threads">Threads libtorch uses within one operator.</param>
    /// <param name="load">Reads a model from disk.</param>
    public static InferenceSlot Create(int threads, Func<ModelKey, IImageModel> load)
    {
        var thread = new InferenceThread(threads);
        return new InferenceSlot(thread, new ModelCache(thread, load));
    }

    /// <summary>Hands the model to a function on the slot's thread; loads it first when another was there.</summary>
    public Task<T> RunAsync<T>(ModelKey key, Func<IImageModel, T> function) => thread.RunAsync(() => function(models.Get(key)));

    public async ValueTask DisposeAsync()
    {
        await models.DisposeAsync();
        thread.Dispose();
    }
}
