using MassTransit;
using Pipeline.Contracts.Messages;
using Pipeline.Orchestrator.Faults;

namespace Pipeline.Orchestrator.Ingest;

internal sealed class ShardFailedConsumer(ShardFaults faults, Patience patience) : IConsumer<ShardFailed>
{
    public Task Consume(ConsumeContext<ShardFailed> context) =>
        patience.WaitOutAsync(token => faults.HandleAsync(context.Message, token), context.CancellationToken);
}
