using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Pipeline.Tests.Cluster;

/// <summary>What waits in the broker.</summary>
public static class ClusterQueues
{
    /// <summary>The queues that outlive their consumers, and those that faulted messages go to when nobody looks after them.</summary>
    private static readonly string[] Durable =
    [
        .. from queue in (string[])["shards", "shard-completed", "shard-failed", "shard-progress", "worker-seen", "message-faulted"]
           from suffix in (string[])["", "_error", "_skipped"]
           select queue + suffix,
    ];

    /// <summary>Lets all workers leave and the orchestrators handle what they said; then counts what still waits.</summary>
    /// <param name="found">Told of every queue that holds a message.</param>
    public static async Task QuiesceAsync(this Cluster cluster, Action<string> found, CancellationToken token)
    {
        foreach (var worker in cluster.Workers)
            await worker.StopAsync(token);
        await using var connection = await cluster.ConnectToBrokerAsync(token);
        var waiting = await WaitingAsync(connection, token);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        for (var tries = 0; waiting.Count > 0 && tries < 100; tries++)
        {
            await poll.WaitForNextTickAsync(token);
            waiting = await WaitingAsync(connection, token);
        }

        // What a consumer holds without having acknowledged it comes back when the consumers are gone.
        foreach (var orchestrator in cluster.Orchestrators)
            await orchestrator.StopAsync(token);
        foreach (var (queue, messages) in await WaitingAsync(connection, token))
            found($"queue {queue} holds {messages} messages");
        foreach (var orchestrator in cluster.Orchestrators)
            await orchestrator.ReadyAsync(token);
    }

    private static async Task<IReadOnlyList<(string Queue, uint Messages)>> WaitingAsync(IConnection connection, CancellationToken token)
    {
        var waiting = new List<(string, uint)>();
        foreach (var queue in Durable)
        {
            try
            {
                await using var channel = await connection.CreateChannelAsync(cancellationToken: token);
                var declared = await channel.QueueDeclarePassiveAsync(queue, token);
                if (declared.MessageCount > 0)
                    waiting.Add((queue, declared.MessageCount));
            }
            catch (OperationInterruptedException)
            {
                // There is no such queue.
            }
        }

        return waiting;
    }
}
