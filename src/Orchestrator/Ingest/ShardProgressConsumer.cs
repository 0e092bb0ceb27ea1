using MassTransit;
using Pipeline.Contracts.Messages;
using Pipeline.Orchestrator.Dispatching;
using Pipeline.Orchestrator.Faults;
using Pipeline.Orchestrator.Jobs;

namespace Pipeline.Orchestrator.Ingest;

/// <summary>Renews leases. Who works on an attempt that nobody waits for is told so.</summary>
internal sealed class ShardProgressConsumer(ShardQueue shards, InFlightSamples inFlight, Patience patience) : IConsumer<ShardProgress>
{
    public Task Consume(ConsumeContext<ShardProgress> context) => patience.WaitOutAsync(token => NoteAsync(context, token), context.CancellationToken);

    private async Task NoteAsync(ConsumeContext<ShardProgress> context, CancellationToken token)
    {
        var progress = context.Message;
        if (await shards.RenewAsync(progress, token))
            inFlight.Report(progress);
        else if (await shards.IsObsoleteAsync(progress, token))
            await context.Publish(new AttemptRevoked(progress.Job, progress.Shard, progress.Attempt), CancellationToken.None).WaitAsync(token);
    }
}
