using System.Net.Sockets;
using MassTransit;
using Npgsql;

namespace Pipeline.Orchestrator.Faults;

/// <summary>Tells faults that go away by themselves from those that would come again: ledger, broker or artifact store are away or busy.</summary>
internal static class TransientFaults
{
    public static bool Is(Exception fault) => fault switch
    {
        FileNotFoundException or DirectoryNotFoundException or PathTooLongException => false,
        PostgresException ledger => ledger.IsTransient,
        NpgsqlException => true,
        SocketException or IOException or TimeoutException or HttpRequestException or OperationCanceledException => true,
        ConnectionException => true,
        AggregateException several => several.InnerExceptions.Any(Is),
        { InnerException: { } inner } => Is(inner),
        _ => false,
    };
}
