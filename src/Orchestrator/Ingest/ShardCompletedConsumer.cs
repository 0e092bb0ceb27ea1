using MassTransit;
using Pipeline.Contracts.Messages;
using Pipeline.Orchestrator.Faults;

namespace Pipeline.Orchestrator.Ingest;

internal sealed class ShardCompletedConsumer(ShardIngest ingest, Patience patience) : IConsumer<ShardCompleted>
{
    public Task Consume(ConsumeContext<ShardCompleted> context) =>
        patience.WaitOutAsync(token => ingest.IngestAsync(context.Message, token), context.CancellationToken);
}
