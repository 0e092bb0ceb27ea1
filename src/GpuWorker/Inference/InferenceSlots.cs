namespace Pipeline.GpuWorker.Inference;

/// <summary>The slots of a process: as many shards run at once as there are.</summary>
public sealed class InferenceSlots : IAsyncDisposable
{
    private readonly IReadOnlyList<InferenceSlot> all;
    private readonly SlotPool<InferenceSlot> pool;

    /// <param name="slots">At least one.</param>
    public InferenceSlots(IReadOnlyList<InferenceSlot> slots)
    {
        ArgumentNullException.ThrowIfNull(slots);
        ArgumentOutOfRangeException.ThrowIfZero(slots.Count);
        all = slots;
        pool = new SlotPool<InferenceSlot>(slots);
    }

    /// <summary>Waits for a slot, preferring one where the model ran last.</summary>
    /// <returns>The caller's alone until it is disposed of.</returns>
    public async Task<InferenceLease> TakeAsync(ModelKey key, CancellationToken token)
    {
        var place = await pool.TakeAsync(key, token);
        return new InferenceLease(place.Slot, key, () => pool.GiveBack(place));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var slot in all)
        {
            await slot.DisposeAsync();
        }

        pool.Dispose();
    }
}
