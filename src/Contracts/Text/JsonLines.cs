using System.Runtime.CompilerServices;

namespace Pipeline.Contracts.Text;

/// <summary>Splits a stream into lines without ever holding more than one of them.</summary>
internal static class JsonLines
{
    /// <summary>One line without its end.</summary>
    /// <param name="Number">Counted from 1.</param>
    /// <param name="Bytes">Valid until the next line is asked for.</param>
    /// <param name="Ended">False for a last line that no line feed ends.</param>
    internal readonly record struct Line(long Number, ReadOnlyMemory<byte> Bytes, bool Ended);

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <param name="name">Of the file, for messages.</param>
    /// <param name="longest">Bytes a line may have.</param>
    /// <exception cref="InvalidDataException">A line is longer.</exception>
    public static async IAsyncEnumerable<Line> ReadAsync(Stream stream, string name, int longest, [EnumeratorCancellation] CancellationToken token)
    {
        var buffer = new byte[64 * 1024];
        int start = 0, searched = 0, end = 0;
        for (var number = 1L; ;)
        {
            var feed = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                var stop = searched + feed;
                yield return new Line(number, WithoutMark(number, buffer.AsMemory(start, stop - start)), Ended: true);
                number++;
                start = searched = stop + 1;
                continue;
            }

            if (end - start > longest)
                throw new InvalidDataException($"{name}:{number}: the line is longer than {longest / (1024 * 1024)} MB; one sample stands on one line, masks of many objects as PNG files beside it.");
            (buffer, start, end) = MakeRoom(buffer, start, end);
            searched = end;
            var read = await stream.ReadAsync(buffer.AsMemory(end), token);
            if (read > 0)
            {
                end += read;
                continue;
            }

            if (end > start)
                yield return new Line(number, WithoutMark(number, buffer.AsMemory(start, end - start)), Ended: false);
            yield break;
        }
    }

    private static (byte[] Buffer, int Start, int End) MakeRoom(byte[] buffer, int start, int end)
    {
        var held = end - start;
        var target = held > buffer.Length / 2 ? new byte[buffer.Length * 2] : buffer;
        if (target != buffer || start > 0)
            buffer.AsSpan(start, held).CopyTo(target);
        return (target, 0, held);
    }

    private static ReadOnlyMemory<byte> WithoutMark(long number, ReadOnlyMemory<byte> line) =>
        number == 1 && line.Span.StartsWith(ByteOrderMark) ? line[3..] : line;
}
