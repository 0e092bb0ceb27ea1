using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Pipeline.Tests.Cluster;

/// <summary>Counts the messages between orchestrator and workers, from copies of its own.</summary>
public sealed class MessageCount : IAsyncDisposable
{
    private static readonly string[] Endpoints = ["shards", "shard-completed", "shard-failed", "shard-progress", "worker-seen"];

    private readonly IConnection connection;
    private long count;

    private MessageCount(IConnection connection) => this.connection = connection;

    public long Count => Interlocked.Read(ref count);

    public static async Task<MessageCount> StartAsync(Cluster cluster)
    {
        var connection = await cluster.ConnectToBrokerAsync(CancellationToken.None);
        var counter = new MessageCount(connection);
        var channel = await connection.CreateChannelAsync();
        var queue = (await channel.QueueDeclareAsync()).QueueName;
        foreach (var endpoint in Endpoints)
            await channel.QueueBindAsync(queue, endpoint, "");
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, _) =>
        {
            Interlocked.Increment(ref counter.count);
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer);
        return counter;
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
