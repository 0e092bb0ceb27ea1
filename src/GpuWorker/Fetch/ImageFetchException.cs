using Pipeline.Contracts.Messages;

namespace Pipeline.GpuWorker.Fetch;

/// <summary>An image cannot be fetched.</summary>
internal sealed class ImageFetchException : Exception
{
    public ImageFetchException(FaultClass faultClass, string message, Exception? inner = null)
        : base(message, inner) => Class = faultClass;

    /// <summary>Transient for what may go away by itself, poison for what another try would not change.</summary>
    public FaultClass Class { get; }

    /// <summary>When its host asks to be asked again; null where it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>There is no time for another try.</summary>
    public bool IsLast { get; init; }
}
