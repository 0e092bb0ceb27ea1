namespace Pipeline.GpuWorker.Shards;

/// <summary>A place where one shard runs.</summary>
public interface IShardSlot : IDisposable
{
    /// <param name="onSample">Told, in order, how many samples are done.</param>
    /// <param name="cancelled">Nobody waits for the shard any more: it stops between two variants.</param>
    /// <param name="leaving">This worker is going: it finishes the image it is at, at most, and stops.</param>
    /// <exception cref="ShardException">There is no result; says what kind of fault it was and in which stage.</exception>
    /// <exception cref="OperationCanceledException">One of the two tokens.</exception>
    Task<ShardOutput> RunAsync(Func<int, Task> onSample, CancellationToken cancelled, CancellationToken leaving);
}
