namespace Pipeline.Contracts.Pickle;

/// <summary>A pickle is damaged, or asks for more than plain values; the message says at which byte and what.</summary>
public sealed class PickleException : Exception
{
    public PickleException()
    {
    }

    public PickleException(string message)
        : base(message)
    {
    }

    public PickleException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
