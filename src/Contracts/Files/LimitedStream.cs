namespace Pipeline.Contracts.Files;

/// <summary>A stream that gives no more than it may: what is packed small and unpacks large ends here.</summary>
/// <param name="inner">Read only; left open.</param>
/// <param name="name">Of what is read, for the message.</param>
/// <param name="most">Bytes it may give.</param>
public sealed class LimitedStream(Stream inner, string name, long most) : Stream
{
    private long given;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => given;
        set => throw new NotSupportedException();
    }

    /// <exception cref="InvalidDataException">There is more than it may give.</exception>
    public override int Read(Span<byte> buffer) => Counted(inner.Read(buffer));

    /// <inheritdoc cref="Read(Span{byte})"/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc cref="Read(Span{byte})"/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Counted(await inner.ReadAsync(buffer, cancellationToken));

    /// <inheritdoc cref="Read(Span{byte})"/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Counted(int read)
    {
        given += read;
        return given <= most ? read : throw new InvalidDataException($"{name}: holds more than {most} bytes, the most that are read");
    }
}
