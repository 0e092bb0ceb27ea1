namespace Pipeline.Servers;

/// <summary>A server could not be made, started or stopped; the message says why and what to do.</summary>
public sealed class ServerException : Exception
{
    public ServerException(string message)
        : base(message)
    {
    }

    public ServerException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
