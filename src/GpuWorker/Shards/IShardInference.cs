namespace Pipeline.GpuWorker.Shards;

/// <summary>Where shards become predictions: in this process, in a child of it, or nowhere near a model.</summary>
public interface IShardInference
{
    /// <summary>Waits for a place to run a shard.</summary>
    /// <returns>The caller's alone until it is disposed of.</returns>
    Task<IShardSlot> TakeAsync(ShardWork work, CancellationToken token);
}
