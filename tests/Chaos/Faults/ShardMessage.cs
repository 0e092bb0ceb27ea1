using RabbitMQ.Client;

namespace Pipeline.Chaos.Faults;

/// <summary>A shard's message is lost on its way, or comes twice.</summary>
/// <param name="copies">0 to lose it, 2 to double it.</param>
internal sealed class ShardMessage(int copies) : IFault
{
    public string Name => copies == 0 ? "shard message lost" : "shard message doubled";

    public async Task<bool> InjectAsync(Storm storm, CancellationToken token)
    {
        await using var connection = await storm.Cluster.ConnectToBrokerAsync(token);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: token);
        // Workers take a message within milliseconds; while they stand still it can be had.
        var frozen = storm.Cluster.Workers.Where(worker => worker.IsRunning).Select(worker => worker.Id).ToArray();
        BasicGetResult? message = null;
        await Storm.WhileFrozenAsync(frozen, async () =>
            await Storm.WithinAsync(TimeSpan.FromSeconds(3), async () => (message = await channel.BasicGetAsync("shards", autoAck: false, token)) is not null, token));
        if (message is null)
            return false;
        for (var copy = 0; copy < copies; copy++)
            await channel.BasicPublishAsync("", "shards", mandatory: true, new BasicProperties(message.BasicProperties), message.Body, token);
        await channel.BasicAckAsync(message.DeliveryTag, multiple: false, token);
        return true;
    }
}
