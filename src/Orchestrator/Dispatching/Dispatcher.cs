using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Messages;
using Pipeline.Orchestrator.Jobs;
using Pipeline.Orchestrator.Telemetry;
using Pipeline.Orchestrator.Workers;

namespace Pipeline.Orchestrator.Dispatching;

/// <summary>Keeps a window of shards in flight wherever workers are, and ends jobs that are through. Postgres is the truth, the broker only carries.</summary>
internal sealed partial class Dispatcher(
    ShardQueue shards,
    WorkerPresence workers,
    JobEndings endings,
    Doorbell doorbell,
    IBus bus,
    IOptions<DispatchOptions> options,
    TimeProvider time,
    ILogger<Dispatcher> log) : BackgroundService
{
    /// <summary>Messages under way to the broker at once.</summary>
    private const int Senders = 16;

    /// <summary>A broker that is away takes no message; the shard waits in the ledger rather than here.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>After a shard that could not be sent to a queue, a single one is, to see whether it can be again.</summary>
    private readonly ConcurrentDictionary<string, bool> deaf = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await DispatchAsync(stoppingToken);
                await endings.SettleAsync(stoppingToken);
                await doorbell.WaitAsync(options.Value.Poll, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // The loop outlives every fault of ledger and broker; it looks again after a while.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                LogRoundFailed(fault);
                await doorbell.WaitAsync(options.Value.Poll, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task DispatchAsync(CancellationToken token)
    {
        var live = await workers.LiveAsync(token);
        foreach (var queue in live.Names)
        {
            var claimed = await shards.ClaimAsync(live, queue, deaf.ContainsKey(queue) ? 1 : options.Value.Window, token);
            if (claimed.Count == 0)
                continue;
            var endpoint = await bus.GetSendEndpoint(new Uri($"exchange:{queue}"));
            await Parallel.ForEachAsync(
                claimed, new ParallelOptions { MaxDegreeOfParallelism = Senders, CancellationToken = token }, (shard, each) => new ValueTask(SendAsync(endpoint, queue, shard, each)));
        }
    }

    private async Task SendAsync(ISendEndpoint endpoint, string queue, ClaimedShard shard, CancellationToken token)
    {
        using var span = OrchestratorTelemetry.Dispatching(shard.Job, shard.Index, shard.Attempt);
        var start = time.GetTimestamp();
        try
        {
            // The wait is given up, never the operation: a channel of the broker's client does not survive the cancelling of a request half-way.
            await endpoint.Send(shard.ToMessage(options.Value.Lease), Pipe.Execute<SendContext<ProcessShard>>(MustReachAQueue), CancellationToken.None)
                .WaitAsync(Patience, time, token);
            deaf.TryRemove(queue, out _);
            OrchestratorTelemetry.Dispatched(time.GetElapsedTime(start), queue);
        }
#pragma warning disable CA1031 // Whatever kept the message from being sent, the shard goes back to wait.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            deaf[queue] = true;
            LogNotSent(fault, shard.Index, shard.Job, shard.Attempt);
            await shards.ReleaseUnclaimedAsync(shard.Job, shard.Index, shard.Attempt, $"not sent: {fault.Message}", CancellationToken.None);
        }
    }

    /// <summary>The queue belongs to the workers; without one RabbitMQ would drop the message silently.</summary>
    private static void MustReachAQueue(SendContext context)
    {
        if (context.TryGetPayload<RabbitMqSendContext>(out var rabbit))
            rabbit.Mandatory = true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {Shard} of job {Job}, attempt {Attempt}, could not be sent and waits again")]
    private partial void LogNotSent(Exception fault, int shard, Guid job, int attempt);

    [LoggerMessage(Level = LogLevel.Error, Message = "A round of dispatching failed; the next follows")]
    private partial void LogRoundFailed(Exception fault);
}
