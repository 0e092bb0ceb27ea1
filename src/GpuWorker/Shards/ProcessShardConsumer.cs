using MassTransit;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Messages;
using Pipeline.GpuWorker.Hosting;

namespace Pipeline.GpuWorker.Shards;

/// <summary>Takes a shard off the queue and publishes how it went. When the bus stops, it throws, and the broker gives the shard to another worker.</summary>
internal sealed class ProcessShardConsumer(ShardHandler handler, IOptions<WorkerOptions> options, TimeProvider clock) : IConsumer<ProcessShard>
{
    public async Task Consume(ConsumeContext<ProcessShard> context)
    {
        var leaving = context.CancellationToken;
        var (job, shard, attempt) = (context.Message.Job, context.Message.Shard, context.Message.Attempt);
        var progress = new ProgressThrottle(clock, done => context.Publish(new ShardProgress(job, shard, attempt, options.Value.Name, done), leaving));
        var answer = await handler.HandleAsync(context.Message, progress.OnSampleAsync, leaving);
        await context.Publish(answer, answer.GetType(), leaving);
    }
}
