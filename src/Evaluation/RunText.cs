using System.Buffers;
using System.Numerics;

namespace Pipeline.Evaluation;

/// <summary>The compressed counts string: each run, from the fourth on as difference to the run two before, in signed groups of five bits, least first, from '0' on.</summary>
internal static class RunText
{
    private const int GroupBits = 5;
    private const int SignBit = 0x10;
    private const int MoreBit = 0x20;

    /// <summary>Enough groups for any difference of two runs of <see cref="Rle.MaxPixels"/>.</summary>
    private const int MaxGroups = 6;

    public static int CheckSize(int height, int width)
    {
        if (height < 0 || width < 0 || (long)height * width > Rle.MaxPixels)
            throw new InvalidDataException($"{height}x{width} is no mask size; sides are not negative and height x width is at most {Rle.MaxPixels}.");
        return height * width;
    }

    public static void CheckRuns(ReadOnlySpan<int> runs, int height, int width)
    {
        var pixels = CheckSize(height, width);
        long sum = 0;
        for (var i = 0; i < runs.Length; i++)
            sum += runs[i] >= 0 ? runs[i] : throw new InvalidDataException($"Run {i} of the counts is {runs[i]}; runs are not negative.");
        if (sum != pixels)
            throw new InvalidDataException($"The counts cover {sum} pixels; a {height}x{width} mask has {pixels}.");
    }

    public static int[] Read(string counts, int height, int width)
    {
        var pixels = CheckSize(height, width);
        if (counts is null)
            throw new InvalidDataException("A mask has no counts.");
        var rented = ArrayPool<int>.Shared.Rent(Math.Max(1, counts.Length));
        try
        {
            var length = 0;
            long sum = 0;
            for (var at = 0; at < counts.Length;)
            {
                long run = ReadNumber(counts, ref at);
                if (length > 2)
                    run += rented[length - 2];
                sum += run;
                if (run < 0 || sum > pixels)
                    throw new InvalidDataException($"The counts go wrong at character {at - 1}: run {length} is {run} and {sum} of {pixels} pixels are covered.");
                rented[length++] = (int)run;
            }

            if (sum != pixels)
                throw new InvalidDataException($"The counts cover {sum} pixels; a {height}x{width} mask has {pixels}.");
            return rented.AsSpan(0, length).ToArray();
        }
        finally
        {
            ArrayPool<int>.Shared.Return(rented);
        }
    }

    public static string Write(ReadOnlySpan<int> runs)
    {
        var length = 0;
        for (var i = 0; i < runs.Length; i++)
            length += Groups(Number(runs, i));
        return string.Create(length, runs, static (text, runs) =>
        {
            var at = 0;
            for (var i = 0; i < runs.Length; i++)
            {
                var number = Number(runs, i);
                for (var left = Groups(number); left > 0; left--, number >>= GroupBits)
                    text[at++] = (char)('0' + (number & (MoreBit - 1)) + (left > 1 ? MoreBit : 0));
            }
        });
    }

    private static int Number(ReadOnlySpan<int> runs, int i) => i > 2 ? runs[i] - runs[i - 2] : runs[i];

    /// <summary>Groups that hold the number with its sign.</summary>
    private static int Groups(int number) => (32 - BitOperations.LeadingZeroCount((uint)(number ^ (number >> 31))) + GroupBits) / GroupBits;

    private static int ReadNumber(string counts, ref int at)
    {
        var number = 0;
        for (var group = 0; group < MaxGroups; group++)
        {
            if (at == counts.Length)
                throw new InvalidDataException("The counts end in the middle of a run.");
            var bits = counts[at] - '0';
            if (bits is < 0 or > 2 * MoreBit - 1)
                throw new InvalidDataException($"Character {at} of the counts is U+{(int)counts[at]:X4}; they use '0' to 'o'.");
            at++;
            number |= (bits & (MoreBit - 1)) << (group * GroupBits);
            if ((bits & MoreBit) == 0)
                return (bits & SignBit) == 0 ? number : number | (-1 << ((group + 1) * GroupBits));
        }

        throw new InvalidDataException($"A run of the counts is longer than {MaxGroups} characters before character {at}.");
    }
}
