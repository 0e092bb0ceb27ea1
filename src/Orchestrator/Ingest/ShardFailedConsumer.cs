using MassTransit;
using Pipeline.Contracts.Messages;

namespace Pipeline.Orchestrator.Ingest;

internal sealed class ShardFailedConsumer(ShardFaults faults) : IConsumer<ShardFailed>
{
    public Task Consume(ConsumeContext<ShardFailed> context) => faults.HandleAsync(context.Message, context.CancellationToken);
}
