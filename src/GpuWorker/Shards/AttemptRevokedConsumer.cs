using MassTransit;
using Pipeline.Contracts.Messages;

namespace Pipeline.GpuWorker.Shards;

/// <summary>Drops an attempt that another one has taken the place of.</summary>
internal sealed class AttemptRevokedConsumer(HeldShards held) : IConsumer<AttemptRevoked>
{
    public Task Consume(ConsumeContext<AttemptRevoked> context)
    {
        held.Revoke(context.Message);
        return Task.CompletedTask;
    }
}
