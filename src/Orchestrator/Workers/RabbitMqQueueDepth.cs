using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Pipeline.Orchestrator.Workers;

/// <summary>Asks RabbitMQ by a passive declaration, which changes nothing. A connection of its own, made when it is needed and anew when it broke.</summary>
internal sealed class RabbitMqQueueDepth(Uri broker) : IQueueDepth, IAsyncDisposable
{
    private const ushort NotFound = 404;

    private readonly SemaphoreSlim gate = new(1, 1);
    private IConnection? connection;

    public async Task<long> ReadyAsync(string queue, CancellationToken token)
    {
        var open = await ConnectAsync(token);
        await using var channel = await open.CreateChannelAsync(cancellationToken: token);
        try
        {
            return (await channel.QueueDeclarePassiveAsync(queue, token)).MessageCount;
        }
        catch (OperationInterruptedException refused) when (refused.ShutdownReason?.ReplyCode == NotFound)
        {
            return 0;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (connection is not null)
            await connection.DisposeAsync();
        gate.Dispose();
    }

    private async Task<IConnection> ConnectAsync(CancellationToken token)
    {
        await gate.WaitAsync(token);
        try
        {
            if (connection is { IsOpen: true })
                return connection;
            if (connection is not null)
                await connection.DisposeAsync();
            connection = null;
            var factory = new ConnectionFactory { Uri = broker, AutomaticRecoveryEnabled = false, ClientProvidedName = "pipeline reaper" };
            return connection = await factory.CreateConnectionAsync(token);
        }
        finally
        {
            gate.Release();
        }
    }
}
