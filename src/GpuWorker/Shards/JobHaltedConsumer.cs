using MassTransit;
using Pipeline.Contracts.Messages;

namespace Pipeline.GpuWorker.Shards;

/// <summary>Drops the shards of a halted job, the running one and those that wait.</summary>
internal sealed class JobHaltedConsumer(HaltedJobs halted) : IConsumer<JobHalted>
{
    public Task Consume(ConsumeContext<JobHalted> context)
    {
        halted.Halt(context.Message.Job, context.Message.Epoch);
        return Task.CompletedTask;
    }
}
