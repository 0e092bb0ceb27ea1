using System.Threading.Channels;

namespace Pipeline.Orchestrator.Dispatching;

/// <summary>Wakes who waits for the ledger to change: the dispatcher, or under its key the planning. Rings before it listens are kept, as one.</summary>
internal sealed class Doorbell(TimeProvider time)
{
    /// <summary>Key of the bell that rings for jobs to plan.</summary>
    public const string Planning = "planning";

    private readonly Channel<bool> rings = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Ring() => rings.Writer.TryWrite(true);

    /// <summary>Returns at the next ring, or after <paramref name="atMost"/>.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken token)
    {
        using var timeout = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, token);
        try
        {
            await rings.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            // Nothing rang in time, which is as good a reason to look.
        }
    }
}
