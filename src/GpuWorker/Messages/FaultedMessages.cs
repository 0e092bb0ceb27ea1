using System.Runtime.ExceptionServices;
using System.Text;
using System.Text.Json;
using MassTransit;
using Pipeline.Contracts.Messages;
using Pipeline.GpuWorker.Presence;

namespace Pipeline.GpuWorker.Messages;

/// <summary>Tells the orchestrator of messages that could not be handled, before they leave the queue. While that fails, they stay in it.</summary>
/// <param name="publisher">Not before the first fault: it needs the bus, which is being built when this is.</param>
/// <param name="departure">When this worker goes.</param>
internal sealed class FaultedMessages(Lazy<PatientPublisher> publisher, Departure departure) : IFilter<ExceptionReceiveContext>, IFilter<ReceiveContext>
{
    private const int MostBytes = 64 * 1024;

    /// <summary>A consumer threw, or the message was no message.</summary>
    public Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        if (context.Exception is OperationCanceledException && departure.Leaving.IsCancellationRequested)
        {
            // Not at fault: the worker goes before it could answer, and the broker gives the message to another.
            ExceptionDispatchInfo.Throw(context.Exception);
        }

        return TellAsync(context, $"{context.Exception.GetType().Name}: {context.Exception.Message}");
    }

    /// <summary>No consumer takes messages of this type.</summary>
    public Task Send(ReceiveContext context, IPipe<ReceiveContext> next) => TellAsync(context, "no consumer of this worker takes messages of this type");

    public void Probe(ProbeContext context) => context.CreateFilterScope("faulted-messages");

    private Task TellAsync(ReceiveContext context, string reason)
    {
        // What cannot be read comes here twice: as at fault, and then as taken by no consumer.
        var told = false;
        context.AddOrUpdatePayload(() => new Told(), before => { told = true; return before; });
        if (told)
        {
            return Task.CompletedTask;
        }

        var body = context.Body.GetBytes();
        var text = Encoding.UTF8.GetString(body, 0, Math.Min(body.Length, MostBytes));
        var (job, shard) = Read(body);
        return publisher.Value.PublishAsync(new MessageFaulted(context.InputAddress.AbsolutePath.Split('/')[^1], job, shard, text, reason), departure.Gone);
    }

    /// <returns>What can be read of whose message it was.</returns>
    private static (Guid? Job, int? Shard) Read(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var message = document.RootElement.GetProperty("message");
            return (
                message.TryGetProperty("job", out var job) && job.TryGetGuid(out var id) ? id : null,
                message.TryGetProperty("shard", out var shard) && shard.TryGetInt32(out var index) ? index : null);
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return (null, null);
        }
    }

    private sealed class Told;
}
