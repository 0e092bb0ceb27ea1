namespace Pipeline.Contracts.Messages;

/// <summary>The queues that shards travel in: one that serves every model, and one per model for workers that were given models of their own.</summary>
public static class WorkQueues
{
    /// <summary>For workers that load whatever model a shard needs.</summary>
    public const string General = "shards";

    /// <summary>For workers that serve this model only, so that they never change theirs.</summary>
    /// <param name="general">The queue for every model.</param>
    /// <param name="weightsHash">SHA-256 of the checkpoint, lower-case hex.</param>
    public static string Of(string general, string weightsHash)
    {
        ArgumentNullException.ThrowIfNull(weightsHash);
        return $"{general}-{weightsHash[..12]}";
    }
}
