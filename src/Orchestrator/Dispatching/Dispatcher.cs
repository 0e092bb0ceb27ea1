using MassTransit;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Messages;
using Pipeline.Orchestrator.Jobs;

namespace Pipeline.Orchestrator.Dispatching;

/// <summary>Keeps a window of shards in flight and ends jobs that are through. Postgres is the truth, the broker only carries.</summary>
internal sealed partial class Dispatcher(
    ShardQueue shards,
    JobEndings endings,
    Doorbell doorbell,
    IBus bus,
    IOptions<DispatchOptions> options,
    ILogger<Dispatcher> log) : BackgroundService
{
    /// <summary>After a shard that no queue took, a single one is sent to see whether there are workers again.</summary>
    private bool nobodyListens;

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
        var claimed = await shards.ClaimAsync(nobodyListens ? 1 : options.Value.Window, token);
        if (claimed.Count == 0)
            return;
        var endpoint = await bus.GetSendEndpoint(new Uri($"exchange:{options.Value.Queue}"));
        foreach (var shard in claimed)
            await SendAsync(endpoint, shard, token);
    }

    private async Task SendAsync(ISendEndpoint endpoint, ClaimedShard shard, CancellationToken token)
    {
        try
        {
            await endpoint.Send(shard.ToMessage(options.Value.Lease), Pipe.Execute<SendContext<ProcessShard>>(MustReachAQueue), token);
            nobodyListens = false;
        }
#pragma warning disable CA1031 // Whatever kept the message from being sent, the shard goes back to wait.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            nobodyListens = true;
            LogNotSent(fault, shard.Index, shard.Job, shard.Attempt);
            await shards.ReleaseAsync(shard.Job, shard.Index, shard.Attempt, $"not sent: {fault.Message}", CancellationToken.None);
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
