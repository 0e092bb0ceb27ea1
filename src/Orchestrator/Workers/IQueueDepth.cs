namespace Pipeline.Orchestrator.Workers;

/// <summary>What the broker knows of a queue. Not registered where the transport loses nothing.</summary>
internal interface IQueueDepth
{
    /// <returns>Messages that wait in it and are in no worker's hands; 0 when there is no such queue.</returns>
    Task<long> ReadyAsync(string queue, CancellationToken token);
}
