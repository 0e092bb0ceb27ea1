using MassTransit;
using Pipeline.Contracts.Messages;

namespace Pipeline.Orchestrator.Faults;

/// <summary>Keeps what a worker could not handle.</summary>
internal sealed class MessageFaultedConsumer(FaultedMessages messages, Patience patience) : IConsumer<MessageFaulted>
{
    public Task Consume(ConsumeContext<MessageFaulted> context) =>
        patience.WaitOutAsync(token => messages.KeepAsync(context.Message, token), context.CancellationToken);
}
