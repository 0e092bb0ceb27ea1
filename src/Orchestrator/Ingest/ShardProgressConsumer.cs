using MassTransit;
using Pipeline.Contracts.Messages;
using Pipeline.Orchestrator.Dispatching;
using Pipeline.Orchestrator.Jobs;

namespace Pipeline.Orchestrator.Ingest;

/// <summary>Renews leases. Who works on an attempt that nobody waits for is told so.</summary>
internal sealed class ShardProgressConsumer(ShardQueue shards, InFlightSamples inFlight) : IConsumer<ShardProgress>
{
    public async Task Consume(ConsumeContext<ShardProgress> context)
    {
        var progress = context.Message;
        if (await shards.RenewAsync(progress, context.CancellationToken))
            inFlight.Report(progress);
        else if (await shards.IsObsoleteAsync(progress, context.CancellationToken))
            await context.Publish(new AttemptRevoked(progress.Job, progress.Shard, progress.Attempt), context.CancellationToken);
    }
}
