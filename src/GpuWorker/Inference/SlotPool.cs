namespace Pipeline.GpuWorker.Inference;

/// <summary>Hands out slots, each to one shard at a time, preferring one where the shard's model ran last.</summary>
/// <param name="slots">At least one.</param>
internal sealed class SlotPool<T>(IReadOnlyList<T> slots) : IDisposable
    where T : class
{
    private readonly SemaphoreSlim free = new(slots.Count);
    private readonly Lock gate = new();
    private readonly List<Place> idle = [.. slots.Select(slot => new Place(slot))];

    /// <summary>Waits for a slot.</summary>
    /// <param name="key">The model that will run there.</param>
    public async Task<Place> TakeAsync(ModelKey key, CancellationToken token)
    {
        await free.WaitAsync(token);
        lock (gate)
        {
            // Where the model is; else where none is; else where one has lain unused longest.
            var place = idle.Find(one => one.Last == key) ?? idle.Find(one => one.Last is null) ?? idle[0];
            idle.Remove(place);
            place.Last = key;
            return place;
        }
    }

    public void GiveBack(Place place)
    {
        lock (gate)
        {
            idle.Add(place);
        }

        free.Release();
    }

    public void Dispose() => free.Dispose();

    /// <summary>A slot, and the model that ran there last.</summary>
    internal sealed class Place(T slot)
    {
        public T Slot { get; } = slot;

        public ModelKey? Last { get; set; }
    }
}
