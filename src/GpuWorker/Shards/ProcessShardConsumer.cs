using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Messages;
using Pipeline.GpuWorker.Hosting;

namespace Pipeline.GpuWorker.Shards;

/// <summary>Takes a shard off the queue and publishes how it went. A worker that is going throws, and the broker gives the shard to another.</summary>
internal sealed class ProcessShardConsumer(ShardHandler handler, IHostApplicationLifetime host, IOptions<WorkerOptions> options, TimeProvider clock)
    : IConsumer<ProcessShard>
{
    public async Task Consume(ConsumeContext<ProcessShard> context)
    {
        var (job, shard, attempt, _, _) = context.Message;
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(host.ApplicationStopping, context.CancellationToken);
        var progress = new ProgressThrottle(clock, done => context.Publish(new ShardProgress(job, shard, attempt, options.Value.Name, done), leaving.Token));
        try
        {
            var answer = await handler.HandleAsync(context.Message, progress.OnSampleAsync, leaving.Token);
            await context.Publish(answer, answer.GetType(), context.CancellationToken);
        }
        catch (OperationCanceledException going)
        {
            // Only for its own token does MassTransit give the message back to the broker; for any other it calls the message faulty.
            throw new OperationCanceledException(going.Message, going, context.CancellationToken);
        }
    }
}
