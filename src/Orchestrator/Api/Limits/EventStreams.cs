using Microsoft.Extensions.Options;

namespace Pipeline.Orchestrator.Api.Limits;

/// <summary>Counts the event streams that are open, since each holds a connection for as long as a job takes.</summary>
internal sealed class EventStreams(IOptions<ApiOptions> limits)
{
    private int open;

    /// <returns>Closes the stream when disposed; null when there are too many.</returns>
    public IDisposable? TryOpen()
    {
        if (Interlocked.Increment(ref open) <= limits.Value.EventStreams)
            return new Opened(this);
        Interlocked.Decrement(ref open);
        return null;
    }

    private sealed class Opened(EventStreams streams) : IDisposable
    {
        private int closed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref closed, 1) == 0)
                Interlocked.Decrement(ref streams.open);
        }
    }
}
