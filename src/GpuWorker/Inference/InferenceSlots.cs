namespace Pipeline.GpuWorker.Inference;

/// <summary>The slots of a worker: as many shards run at once as there are.</summary>
public sealed class InferenceSlots : IAsyncDisposable
{
    private readonly IReadOnlyList<InferenceSlot> all;
    private readonly SemaphoreSlim free;
    private readonly Lock gate = new();
    private readonly List<InferenceSlot> idle;

    /// <param name="slots">At least one.</param>
    public InferenceSlots(IReadOnlyList<InferenceSlot> slots)
    {
        ArgumentNullException.ThrowIfNull(slots);
        ArgumentOutOfRangeException.ThrowIfZero(slots.Count);
        all = slots;
        idle = [.. slots];
        free = new SemaphoreSlim(slots.Count);
    }

    /// <summary>Waits for a slot, preferring one where the model ran last.</summary>
    /// <returns>The caller's alone until it is disposed of.</returns>
    public async Task<InferenceLease> TakeAsync(ModelKey key, CancellationToken token)
    {
        await free.WaitAsync(token);
        lock (gate)
        {
            // Where the model is; else where none is; else where one has lain unused longest.
            var slot = idle.Find(one => one.Last == key) ?? idle.Find(one => one.Last is null) ?? idle[0];
            idle.Remove(slot);
            slot.Last = key;
            return new InferenceLease(slot, key, GiveBack);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var slot in all)
        {
            await slot.DisposeAsync();
        }

        free.Dispose();
    }

    private void GiveBack(InferenceSlot slot)
    {
        lock (gate)
        {
            idle.Add(slot);
        }

        free.Release();
    }
}
