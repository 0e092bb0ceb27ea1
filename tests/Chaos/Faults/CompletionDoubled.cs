using RabbitMQ.Client;

namespace Pipeline.Chaos.Faults;

/// <summary>A worker's announcement comes again, long after the first was handled.</summary>
internal sealed class CompletionDoubled : IFault
{
    private const string Endpoint = "shard-completed";

    public string Name => "completion doubled";

    public async Task<bool> InjectAsync(Storm storm, CancellationToken token)
    {
        await using var connection = await storm.Cluster.ConnectToBrokerAsync(token);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: token);
        var tap = (await channel.QueueDeclareAsync(cancellationToken: token)).QueueName;
        await channel.QueueBindAsync(tap, Endpoint, "", cancellationToken: token);
        BasicGetResult? message = null;
        await Storm.WithinAsync(TimeSpan.FromSeconds(15), async () => (message = await channel.BasicGetAsync(tap, autoAck: true, token)) is not null, token);
        if (message is null)
            return false;
        for (var copy = 0; copy < 3; copy++)
        {
            await storm.PauseAsync(token);
            await channel.BasicPublishAsync("", Endpoint, mandatory: true, new BasicProperties(message.BasicProperties), message.Body, token);
        }

        return true;
    }
}
