using System.Net;
using System.Net.Sockets;
using Pipeline.Contracts.Messages;

namespace Pipeline.GpuWorker.Fetch;

/// <summary>Connects to the very address that was judged: a name that answers differently the next time changes nothing.</summary>
/// <param name="policy">Judges every address.</param>
/// <param name="resolve">Asks for the addresses of a name.</param>
internal sealed class CheckedConnection(AddressPolicy policy, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    private const int MostAddresses = 8;

    /// <summary>For one address, where there are others.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>As <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    /// <exception cref="ImageFetchException">No address of the host may be asked.</exception>
    /// <exception cref="SocketException">No address answers.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken token)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var found = await resolve(host, token);
        List<IPAddress> allowed = [.. found.Where(address => policy.Refuse(address) is null).Take(MostAddresses)];
        if (allowed.Count == 0)
        {
            throw found is [var first, ..]
                ? new ImageFetchException(FaultClass.Poison, $"{host} is {first}, which {policy.Refuse(first)}; nothing is fetched from there")
                : new SocketException((int)SocketError.HostNotFound);
        }

        for (var next = 0; ; next++)
        {
            var last = next == allowed.Count - 1;
            try
            {
                return await ConnectAsync(new IPEndPoint(allowed[next], port), last ? Timeout.InfiniteTimeSpan : Patience, token);
            }
            catch (Exception fault) when (!last && (fault is SocketException || (fault is OperationCanceledException && !token.IsCancellationRequested)))
            {
                // The host has other addresses.
            }
        }
    }

    private static async Task<Stream> ConnectAsync(IPEndPoint place, TimeSpan patience, CancellationToken token)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(token);
        limited.CancelAfter(patience);
        var socket = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(place, limited.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
