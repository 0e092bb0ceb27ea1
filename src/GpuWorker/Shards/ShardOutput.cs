using Pipeline.Contracts.Results;

namespace Pipeline.GpuWorker.Shards;

/// <summary>What running a shard gave.</summary>
/// <param name="File">In the format of <see cref="ShardResultFile"/>.</param>
/// <param name="Predictions">Predictions in it.</param>
public sealed record ShardOutput(ReadOnlyMemory<byte> File, int Predictions)
{
    /// <exception cref="ShardException">It cannot be written.</exception>
    public static ShardOutput Of(ShardResult result) => new(ShardResultFile.Write(result), result.Predictions.Count);
}
