using System.Buffers.Binary;
using System.Text;

namespace Pipeline.GpuWorker.Children;

/// <summary>A picture that the child asks its worker to store.</summary>
/// <param name="Id">Comes back with the answer.</param>
internal readonly record struct PutRequest(int Id, string Name, ReadOnlyMemory<byte> Content)
{
    public Frame ToFrame()
    {
        var name = Encoding.UTF8.GetBytes(Name);
        var rest = new byte[sizeof(int) + name.Length + Content.Length];
        BinaryPrimitives.WriteInt32LittleEndian(rest, name.Length);
        name.CopyTo(rest, sizeof(int));
        Content.Span.CopyTo(rest.AsSpan(sizeof(int) + name.Length));
        return Frame.OfNumber(FrameKind.Put, Id, rest);
    }

    public static PutRequest From(Frame frame)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(frame.Rest.Span);
        var named = frame.Rest[sizeof(int)..];
        return new PutRequest(frame.Number, Encoding.UTF8.GetString(named.Span[..length]), named[length..]);
    }
}
