using MassTransit;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Messages;
using Pipeline.GpuWorker.Faults;
using Pipeline.GpuWorker.Hosting;
using Pipeline.GpuWorker.Messages;
using Pipeline.GpuWorker.Presence;

namespace Pipeline.GpuWorker.Shards;

/// <summary>Takes a shard off the queue, gives signs of life while it is held, and publishes how it went.</summary>
internal sealed class ProcessShardConsumer(
    HeldShards held, ShardHandler handler, PatientPublisher answers, Departure departure, FaultPoints points, Voice voice, IOptions<WorkerOptions> options, TimeProvider clock)
    : IConsumer<ProcessShard>
{
    public Task Consume(ConsumeContext<ProcessShard> context) =>
        held.OnceAsync(context.Message, revoked => AnswerAsync(context.Message, revoked));

    private async Task AnswerAsync(ProcessShard shard, CancellationToken revoked)
    {
        object answer;
        await using (var pulse = ShardPulse.Start(clock, shard.Lease, TellAsync))
        {
            answer = await handler.HandleAsync(shard, pulse.Samples, revoked);
        }

        points.Reach(FaultPoints.BeforePublish);
        await answers.PublishAsync(answer, departure.Gone);
        points.Reach(FaultPoints.AfterPublish);

        Task TellAsync(int samples, CancellationToken token) =>
            voice.PublishAsync(new ShardProgress(shard.Job, shard.Shard, shard.Attempt, options.Value.Name, samples), token);
    }
}
