namespace Pipeline.Chaos.Faults;

/// <summary>What workers announce is lost: nothing is bound to the exchange for a while.</summary>
internal sealed class CompletionLost : IFault
{
    private const string Endpoint = "shard-completed";

    public string Name => "completion lost";

    public async Task<bool> InjectAsync(Storm storm, CancellationToken token)
    {
        await using var connection = await storm.Cluster.ConnectToBrokerAsync(token);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: token);
        var before = await storm.UncountedResultsAsync(token);
        await channel.QueueUnbindAsync(Endpoint, Endpoint, "", cancellationToken: token);
        try
        {
            return await Storm.WithinAsync(
                TimeSpan.FromSeconds(15), async () => (await storm.UncountedResultsAsync(token)).Except(before).Any(), token);
        }
        finally
        {
            await channel.QueueBindAsync(Endpoint, Endpoint, "", cancellationToken: CancellationToken.None);
        }
    }
}
