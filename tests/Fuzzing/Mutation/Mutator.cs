using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Pipeline.Fuzzing.Mutation;

/// <summary>Damages an input in one of the ways in which files are damaged or forged.</summary>
/// <param name="seeds">To splice with.</param>
/// <param name="words">To put in.</param>
internal sealed class Mutator(IReadOnlyList<byte[]> seeds, IReadOnlyList<byte[]> words)
{
    public const int LongestInput = 32 * 1024;

    private const int Ways = 12;
    private const int LongestPiece = 64;

    private static readonly long[] Edges =
        [0, 1, -1, 2, 127, 128, 255, 256, 32767, 32768, 65535, 65536, int.MaxValue, int.MinValue, uint.MaxValue, (long)uint.MaxValue + 1, long.MaxValue, long.MinValue, 100_000_000, 1L << 40];

    private static readonly string[] Numbers =
        ["0", "-1", "1", "00", "2147483647", "2147483648", "4294967296", "9223372036854775807", "9223372036854775808", "99999999999999999999999", "1e9", "1e308", "1e999", "-0.0", "0.5", "1e-400"];

    public byte[] Mutate(byte[] input, Random random)
    {
        var mutated = random.Next(Ways) switch
        {
            0 => FlipBits(input, random),
            1 => SetBytes(input, random),
            2 or 3 => SetInteger(input, random),
            4 => input[..random.Next(input.Length + 1)],
            5 => Delete(input, random),
            6 => Repeat(input, random),
            7 => Insert(input, Noise(random), random),
            8 => Insert(input, Word(random), random),
            9 => Overwrite(input, Word(random), random),
            10 => Splice(input, random),
            _ => SetNumber(input, random),
        };
        return mutated.Length <= LongestInput ? mutated : mutated[..LongestInput];
    }

    private static byte[] FlipBits(byte[] input, Random random)
    {
        var output = input.ToArray();
        for (var flips = random.Next(1, 5); flips > 0 && output.Length > 0; flips--)
            output[random.Next(output.Length)] ^= (byte)(1 << random.Next(8));
        return output;
    }

    private static byte[] SetBytes(byte[] input, Random random)
    {
        var output = input.ToArray();
        if (output.Length > 0)
            output.AsSpan(random.Next(output.Length))[..1].Fill((byte)random.Next(256));
        return output;
    }

    /// <summary>A length, count or offset, little or big endian: an edge, or a little more or less than it was.</summary>
    private static byte[] SetInteger(byte[] input, Random random)
    {
        var output = input.ToArray();
        var width = 1 << random.Next(4);
        if (output.Length < width)
            return output;
        var place = output.AsSpan(random.Next(output.Length - width + 1), width);
        Span<byte> number = stackalloc byte[8];
        number.Clear();
        var isLittle = random.Next(2) == 0;
        place.CopyTo(isLittle ? number : number[(8 - width)..]);
        var value = random.Next(2) == 0
            ? Edges[random.Next(Edges.Length)]
            : (isLittle ? BinaryPrimitives.ReadInt64LittleEndian(number) : BinaryPrimitives.ReadInt64BigEndian(number)) + random.Next(-16, 17);
        if (isLittle)
            BinaryPrimitives.WriteInt64LittleEndian(number, value);
        else
            BinaryPrimitives.WriteInt64BigEndian(number, value);
        (isLittle ? number[..width] : number[(8 - width)..]).CopyTo(place);
        return output;
    }

    private static byte[] Delete(byte[] input, Random random)
    {
        var (start, end) = Piece(input, random);
        return [.. input.AsSpan(0, start), .. input.AsSpan(end)];
    }

    private static byte[] Repeat(byte[] input, Random random)
    {
        var (start, end) = Piece(input, random);
        // Now and then very often: nesting and quadratic work show only then.
        var times = random.Next(64) == 0 ? random.Next(1, 2000) : random.Next(1, 5);
        times = Math.Min(times, LongestInput / Math.Max(1, end - start));
        var output = new byte[input.Length + (times * (end - start))];
        input.AsSpan(0, end).CopyTo(output);
        for (var i = 0; i < times; i++)
            input.AsSpan(start, end - start).CopyTo(output.AsSpan(end + (i * (end - start))));
        input.AsSpan(end).CopyTo(output.AsSpan(end + (times * (end - start))));
        return output;
    }

    private static byte[] Insert(byte[] input, byte[] piece, Random random)
    {
        var at = random.Next(input.Length + 1);
        return [.. input.AsSpan(0, at), .. piece, .. input.AsSpan(at)];
    }

    private static byte[] Overwrite(byte[] input, byte[] piece, Random random)
    {
        var at = random.Next(input.Length + 1);
        return [.. input.AsSpan(0, at), .. piece, .. input.AsSpan(Math.Min(input.Length, at + piece.Length))];
    }

    private byte[] Splice(byte[] input, Random random)
    {
        var other = seeds[random.Next(seeds.Count)];
        return [.. input.AsSpan(0, random.Next(input.Length + 1)), .. other.AsSpan(random.Next(other.Length + 1))];
    }

    /// <summary>A number written in digits becomes an edge or one that no type holds.</summary>
    private static byte[] SetNumber(byte[] input, Random random)
    {
        if (input.Length == 0)
            return input;
        var from = random.Next(input.Length);
        var found = input.AsSpan(from).IndexOfAnyInRange((byte)'0', (byte)'9');
        if (found < 0)
            return SetInteger(input, random);
        var start = from + found;
        var end = start;
        while (end < input.Length && input[end] is >= (byte)'0' and <= (byte)'9')
            end++;
        var number = random.Next(2) == 0 || !long.TryParse(input.AsSpan(start, end - start), NumberStyles.None, CultureInfo.InvariantCulture, out var old)
            ? Numbers[random.Next(Numbers.Length)]
            : (old + random.Next(-9, 10)).ToString(CultureInfo.InvariantCulture);
        return [.. input.AsSpan(0, start), .. Encoding.ASCII.GetBytes(number), .. input.AsSpan(end)];
    }

    private byte[] Word(Random random) => words.Count == 0 ? Noise(random) : words[random.Next(words.Count)];

    private static byte[] Noise(Random random)
    {
        var noise = new byte[random.Next(1, 9)];
        random.NextBytes(noise);
        return noise;
    }

    private static (int Start, int End) Piece(byte[] input, Random random)
    {
        var start = random.Next(input.Length + 1);
        return (start, Math.Min(input.Length, start + random.Next(1, LongestPiece)));
    }
}
