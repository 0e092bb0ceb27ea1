using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Pipeline.Contracts;

namespace Pipeline.GpuWorker.Children;

/// <summary>One message between a worker and its child.</summary>
internal readonly record struct Frame(FrameKind Kind, ReadOnlyMemory<byte> Payload)
{
    private const int Header = sizeof(int);

    /// <summary>The payload as the record it was.</summary>
    public T As<T>() => JsonSerializer.Deserialize<T>(Payload.Span, ContractsJson.Options) ?? throw new InvalidDataException($"a {Kind} frame holds null");

    /// <summary>The number before the payload's other bytes.</summary>
    public int Number => BinaryPrimitives.ReadInt32LittleEndian(Payload.Span);

    /// <summary>What follows <see cref="Number"/>.</summary>
    public ReadOnlyMemory<byte> Rest => Payload[Header..];

    /// <summary>The payload as text.</summary>
    public string Text => Encoding.UTF8.GetString(Payload.Span);

    public static Frame Of<T>(FrameKind kind, T value) => new(kind, JsonSerializer.SerializeToUtf8Bytes(value, ContractsJson.Options));

    public static Frame OfText(FrameKind kind, string text) => new(kind, Encoding.UTF8.GetBytes(text));

    public static Frame OfNumber(FrameKind kind, int number, ReadOnlySpan<byte> rest = default)
    {
        var payload = new byte[Header + rest.Length];
        BinaryPrimitives.WriteInt32LittleEndian(payload, number);
        rest.CopyTo(payload.AsSpan(Header));
        return new Frame(kind, payload);
    }
}
