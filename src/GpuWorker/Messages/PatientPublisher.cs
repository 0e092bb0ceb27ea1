using MassTransit;
using Microsoft.Extensions.Logging;

namespace Pipeline.GpuWorker.Messages;

/// <summary>Publishes what must not get lost: tries until the broker has confirmed it.</summary>
internal sealed partial class PatientPublisher(IBus bus, TimeProvider clock, ILogger<PatientPublisher> logger)
{
    private static readonly TimeSpan PerTry = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <param name="token">The only thing that ends it early.</param>
    public async Task PublishAsync(object message, CancellationToken token)
    {
        for (var pause = FirstPause; !await TryAsync(message, token); pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            await Task.Delay(pause, clock, token);
        }
    }

    private async Task<bool> TryAsync(object message, CancellationToken token)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(token);
        limited.CancelAfter(PerTry);
        try
        {
            await bus.Publish(message, message.GetType(), limited.Token);
            return true;
        }
#pragma warning disable CA1031 // Whatever the broker's client throws while it is away, the message is still to be told.
        catch (Exception fault) when (!token.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogWaiting(message.GetType().Name, fault.Message);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Message} is kept and published again: {Reason}")]
    private partial void LogWaiting(string message, string reason);
}
