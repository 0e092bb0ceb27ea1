namespace Pipeline.GpuWorker.Inference;

/// <summary>A slot and the model to run there, until disposed.</summary>
public sealed class InferenceLease : IDisposable
{
    private readonly InferenceSlot slot;
    private readonly ModelKey key;
    private Action? giveBack;

    internal InferenceLease(InferenceSlot slot, ModelKey key, Action giveBack) => (this.slot, this.key, this.giveBack) = (slot, key, giveBack);

    /// <summary>Hands the model to a function on the slot's thread; loads it first when another was there.</summary>
    public Task<T> RunAsync<T>(Func<IImageModel, T> function) => slot.RunAsync(key, function);

    /// <summary>Gives the slot to the next. What was handed over must have ended.</summary>
    public void Dispose() => Interlocked.Exchange(ref giveBack, null)?.Invoke();
}
