using MassTransit;
using Pipeline.Contracts.Messages;

namespace Pipeline.GpuWorker.Shards;

/// <summary>Drops the shards of a stopped job, the running one and those that wait.</summary>
internal sealed class JobStoppedConsumer(StoppedJobs stopped) : IConsumer<JobStopped>
{
    public Task Consume(ConsumeContext<JobStopped> context)
    {
        stopped.Stop(context.Message.Job);
        return Task.CompletedTask;
    }
}
