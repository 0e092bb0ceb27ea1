using MassTransit;
using Pipeline.Contracts.Messages;

namespace Pipeline.Orchestrator.Ingest;

internal sealed class ShardCompletedConsumer(ShardIngest ingest) : IConsumer<ShardCompleted>
{
    public Task Consume(ConsumeContext<ShardCompleted> context) => ingest.IngestAsync(context.Message, context.CancellationToken);
}
