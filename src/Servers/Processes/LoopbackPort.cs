using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Pipeline.Servers.Processes;

/// <summary>Ports on the loopback address for servers that are restarted on the port they had.</summary>
public static class LoopbackPort
{
    // Below the range from which the kernel takes ports for outgoing connections: those could sit on a port while its server restarts.
    private const int First = 15_000;
    private const int End = 32_000;

    /// <summary>A port that nobody listens on at this moment.</summary>
    /// <exception cref="ServerException">None was found.</exception>
    public static int Free()
    {
        for (var attempt = 0; attempt < 1000; attempt++)
        {
            var port = RandomNumberGenerator.GetInt32(First, End);
            if (IsFree(port))
                return port;
        }

        throw new ServerException($"No free port was found from {First} to {End - 1} on 127.0.0.1.");
    }

    /// <summary>Whether nobody listens on a port. Connections of a server that just ended may still linger on it; they are in nobody's way.</summary>
    public static bool IsFree(int port)
    {
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            client.Connect(IPAddress.Loopback, port);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
