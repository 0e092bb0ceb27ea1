using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Npgsql;

namespace Pipeline.Orchestrator.Ingest;

/// <summary>Rows in PostgreSQL's binary COPY format, put together here: several times as fast as a call of the driver per column.</summary>
/// <remarks>The format is described in PostgreSQL's manual, chapter COPY, "Binary Format". The server checks columns and lengths; a row that does not fit fails the COPY.</remarks>
internal sealed class BinaryCopy : IDisposable
{
    private const int FlushAt = 128 * 1024;
    private const int IntegerOid = 23;
    private const int Null = -1;

    private readonly NpgsqlRawCopyStream stream;
    private readonly ArrayBufferWriter<byte> buffer = new(FlushAt + 4096);
    private readonly short columns;
    private bool complete;

    /// <param name="table">With its columns in parentheses.</param>
    /// <param name="columns">Their number.</param>
    public BinaryCopy(NpgsqlConnection connection, string table, short columns)
    {
        this.columns = columns;
        stream = connection.BeginRawBinaryCopy($"COPY {table} FROM STDIN (FORMAT BINARY)");
        buffer.Write<byte>([.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8]);
        Put(0);
        Put(0);
    }

    public void StartRow()
    {
        if (buffer.WrittenCount >= FlushAt)
            Flush();
        BinaryPrimitives.WriteInt16BigEndian(Take(sizeof(short)), columns);
    }

    public void Write(int value)
    {
        Put(sizeof(int));
        Put(value);
    }

    public void Write(long value)
    {
        Put(sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(Take(sizeof(long)), value);
    }

    public void Write(long? value)
    {
        if (value is { } number)
            Write(number);
        else
            Put(Null);
    }

    public void Write(double value)
    {
        Put(sizeof(double));
        BinaryPrimitives.WriteDoubleBigEndian(Take(sizeof(double)), value);
    }

    public void Write(Guid value)
    {
        Put(16);
        value.TryWriteBytes(Take(16), bigEndian: true, out _);
    }

    public void Write(byte[] value)
    {
        Put(value.Length);
        buffer.Write(value);
    }

    /// <summary>PostgreSQL's text has no NUL, and a reason may carry one out of a damaged file: it becomes the replacement character.</summary>
    public void Write(string? value)
    {
        if (value is null)
        {
            Put(Null);
            return;
        }

        var text = value.Replace('\0', '\uFFFD');
        Put(Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, buffer);
    }

    public void Write(IReadOnlyList<int> values)
    {
        var dimensions = values.Count > 0 ? 1 : 0;
        Put(sizeof(int) * (3 + (2 * dimensions) + (2 * values.Count)));
        Put(dimensions);
        Put(0);
        Put(IntegerOid);
        if (dimensions == 0)
            return;
        Put(values.Count);
        Put(1);
        foreach (var value in values as int[] ?? [.. values])
        {
            Put(sizeof(int));
            Put(value);
        }
    }

    /// <summary>Ends the COPY; without it, disposal leaves no row of it.</summary>
    public void Complete()
    {
        BinaryPrimitives.WriteInt16BigEndian(Take(sizeof(short)), -1);
        Flush();
        complete = true;
    }

    public void Dispose()
    {
        if (!complete)
            stream.Cancel();
        stream.Dispose();
    }

    private void Put(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(sizeof(int)), value);

    private Span<byte> Take(int bytes)
    {
        var span = buffer.GetSpan(bytes)[..bytes];
        buffer.Advance(bytes);
        return span;
    }

    private void Flush()
    {
        stream.Write(buffer.WrittenSpan);
        buffer.ResetWrittenCount();
    }
}
