using System.Net.Sockets;
using Azure;
using MassTransit;
using Npgsql;

namespace Pipeline.Orchestrator.Faults;

/// <summary>Tells faults that go away by themselves from those that would come again: ledger, broker or artifact store are away or busy.</summary>
internal static class TransientFaults
{
    /// <summary>Codes of a server that stops, crashed or starts.</summary>
    private const string ShuttingDown = "57P";

    public static bool Is(Exception fault) => fault switch
    {
        FileNotFoundException or DirectoryNotFoundException or PathTooLongException => false,
        PostgresException ledger => ledger.IsTransient || ledger.SqlState.StartsWith(ShuttingDown, StringComparison.Ordinal),
        NpgsqlException => true,
        SocketException or IOException or TimeoutException or HttpRequestException or OperationCanceledException => true,
        ConnectionException => true,
        RequestFailedException { Status: 0 or 408 or 429 or >= 500 } => true,
        AggregateException several => several.InnerExceptions.Any(Is),
        { InnerException: { } inner } => Is(inner),
        _ => false,
    };
}
