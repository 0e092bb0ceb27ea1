using MassTransit;

namespace Pipeline.GpuWorker.Messages;

/// <summary>How a worker speaks to the others: a bus with a connection that no shard holds.</summary>
/// <remarks>
/// MassTransit connects anew only after all consumers of a connection that broke have ended. A consumer that waits to tell its result would wait
/// for that connection, and the connection for the consumer; and signs of life would stop for as long as a shard takes.
/// </remarks>
internal sealed class Voice(IBus bus)
{
    /// <summary>Returns when the broker has confirmed the message.</summary>
    /// <param name="token">Gives up the wait, never the operation: a channel of the broker's client does not survive the cancelling of a request half-way.</param>
    public Task PublishAsync(object message, CancellationToken token) => bus.Publish(message, message.GetType(), CancellationToken.None).WaitAsync(token);
}
