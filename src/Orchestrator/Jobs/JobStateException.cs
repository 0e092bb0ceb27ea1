namespace Pipeline.Orchestrator.Jobs;

/// <summary>A job is in a state in which it cannot do what was asked; the message says which and what would be right.</summary>
public sealed class JobStateException : InvalidOperationException
{
    public JobStateException(string message)
        : base(message)
    {
    }

    public JobStateException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public JobStateException()
    {
    }
}
