namespace Pipeline.Orchestrator.Embedded;

/// <summary>A private cluster could not be made, started or stopped; the message says why and what to do.</summary>
public sealed class PrivateClusterException : Exception
{
    public PrivateClusterException(string message)
        : base(message)
    {
    }

    public PrivateClusterException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
