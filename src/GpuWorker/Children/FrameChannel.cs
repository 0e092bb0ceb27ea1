using System.Buffers.Binary;
using System.Net.Sockets;

namespace Pipeline.GpuWorker.Children;

/// <summary>Frames over a private socket: length, kind, payload. Any thread may write; one reads.</summary>
internal sealed class FrameChannel(Socket socket) : IDisposable
{
    private const int Header = sizeof(int) + 1;
    private const int Longest = 1 << 30;

    private readonly NetworkStream stream = new(socket, ownsSocket: true);
    private readonly Lock writing = new();

    /// <exception cref="IOException">The other side is gone.</exception>
    public void Write(Frame frame)
    {
        Span<byte> header = stackalloc byte[Header];
        BinaryPrimitives.WriteInt32LittleEndian(header, frame.Payload.Length);
        header[^1] = (byte)frame.Kind;
        lock (writing)
        {
            stream.Write(header);
            stream.Write(frame.Payload.Span);
        }
    }

    /// <returns>Null when the other side is gone.</returns>
    /// <exception cref="InvalidDataException">The other side speaks something else.</exception>
    public async ValueTask<Frame?> ReadAsync(CancellationToken token)
    {
        try
        {
            var header = new byte[Header];
            await stream.ReadExactlyAsync(header, token);
            var length = BinaryPrimitives.ReadInt32LittleEndian(header);
            if (length is < 0 or > Longest)
            {
                throw new InvalidDataException($"a frame of {length} bytes; at most {Longest} are allowed");
            }

            var payload = new byte[length];
            await stream.ReadExactlyAsync(payload, token);
            return new Frame((FrameKind)header[^1], payload);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose() => stream.Dispose();
}
