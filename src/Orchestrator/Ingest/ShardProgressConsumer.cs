using MassTransit;
using Pipeline.Contracts.Messages;
using Pipeline.Orchestrator.Dispatching;
using Pipeline.Orchestrator.Jobs;

namespace Pipeline.Orchestrator.Ingest;

internal sealed class ShardProgressConsumer(ShardQueue shards, InFlightSamples inFlight) : IConsumer<ShardProgress>
{
    public async Task Consume(ConsumeContext<ShardProgress> context)
    {
        if (await shards.RenewAsync(context.Message, context.CancellationToken))
            inFlight.Report(context.Message);
    }
}
