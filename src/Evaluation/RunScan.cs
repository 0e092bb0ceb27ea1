using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pipeline.Evaluation;

/// <summary>Runs from pixels and back.</summary>
/// <remarks>
/// A run ends where a pixel differs from the one above it, so whole rows are compared at once and only the differences, few in a
/// mask of blobs, are sorted into columns. Nothing is transposed.
/// </remarks>
internal static class RunScan
{
    public static int[] Runs(ReadOnlySpan<byte> mask, int height, int width)
    {
        var pixels = height * width;
        if (pixels == 0)
            return [];
        using var changes = new Changes(height, width);
        var top = mask[..width];
        var bottom = mask[^width..];
        changes.BeginRow();
        if (top[0] != 0)
            changes.Add(0);
        changes.AddDifferences(top[1..], bottom[..^1], 1);
        for (var y = 1; y < height; y++)
        {
            changes.BeginRow();
            changes.AddDifferences(mask.Slice(y * width, width), mask.Slice((y - 1) * width, width), 0);
        }

        return changes.ToRuns(pixels);
    }

    /// <param name="mask">Zeroed.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="runs">Checked.</param>
    public static void Fill(Span<byte> mask, int height, int width, ReadOnlySpan<int> runs)
    {
        // A mask of no columns may have two billion rows.
        if (mask.IsEmpty)
            return;
        var position = 0;
        for (var i = 0; i < runs.Length; i++)
        {
            if (i % 2 == 1 && runs[i] > 0)
                MarkEnds(mask, height, width, position, position + runs[i]);
            position += runs[i];
        }

        for (var y = 1; y < height; y++)
            Toggle(mask.Slice(y * width, width), mask.Slice((y - 1) * width, width));
    }

    /// <summary>Flips the first pixel of the run in each of its columns, and the first one after it.</summary>
    private static void MarkEnds(Span<byte> mask, int height, int width, int start, int end)
    {
        while (start < end)
        {
            var (x, y) = Math.DivRem(start, height);
            var stop = Math.Min(end, (x + 1) * height);
            mask[y * width + x] ^= 1;
            if (stop < (x + 1) * height)
                mask[(stop - x * height) * width + x] ^= 1;
            start = stop;
        }
    }

    private static void Toggle(Span<byte> row, ReadOnlySpan<byte> above)
    {
        var x = 0;
        for (; x <= row.Length - Vector<byte>.Count; x += Vector<byte>.Count)
            (new Vector<byte>(row[x..]) ^ new Vector<byte>(above[x..])).CopyTo(row[x..]);
        for (; x < row.Length; x++)
            row[x] ^= above[x];
    }

    /// <summary>Columns in which the mask changes, row after row.</summary>
    private ref struct Changes(int height, int width)
    {
        private readonly int[] rowStarts = ArrayPool<int>.Shared.Rent(height + 1);
        private int[] columns = ArrayPool<int>.Shared.Rent(4 * (height + width));
        private int rows;
        private int count;

        public void BeginRow() => rowStarts[rows++] = count;

        public void Add(int x)
        {
            Reserve(1);
            columns[count++] = x;
        }

        public void AddDifferences(ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int offset)
        {
            Reserve(row.Length);
            var x = 0;
            ref var first = ref MemoryMarshal.GetReference(row);
            ref var second = ref MemoryMarshal.GetReference(above);
            for (; x <= row.Length - Vector256<byte>.Count; x += Vector256<byte>.Count)
            {
                var differs = Vector256.LoadUnsafe(ref first, (nuint)x) ^ Vector256.LoadUnsafe(ref second, (nuint)x);
                if (differs == Vector256<byte>.Zero)
                    continue;
                for (var bits = Vector256.GreaterThan(differs, Vector256<byte>.Zero).ExtractMostSignificantBits(); bits != 0; bits &= bits - 1)
                    columns[count++] = offset + x + BitOperations.TrailingZeroCount(bits);
            }

            for (; x < row.Length; x++)
                if (row[x] != above[x])
                    columns[count++] = offset + x;
        }

        public readonly int[] ToRuns(int pixels)
        {
            var next = ArrayPool<int>.Shared.Rent(width + 1);
            var runs = new int[count + 1];
            try
            {
                Array.Clear(next, 0, width + 1);
                foreach (var x in columns.AsSpan(0, count))
                    next[x + 1]++;
                for (var x = 0; x < width; x++)
                    next[x + 1] += next[x];
                for (var y = 0; y < rows; y++)
                    foreach (var x in columns.AsSpan(rowStarts[y]..(y + 1 < rows ? rowStarts[y + 1] : count)))
                        runs[next[x]++] = x * height + y;
            }
            finally
            {
                ArrayPool<int>.Shared.Return(next);
            }

            runs[count] = pixels;
            for (var i = count; i > 0; i--)
                runs[i] -= runs[i - 1];
            return runs;
        }

        public readonly void Dispose()
        {
            ArrayPool<int>.Shared.Return(rowStarts);
            ArrayPool<int>.Shared.Return(columns);
        }

        private void Reserve(int more)
        {
            if (count + more <= columns.Length)
                return;
            var larger = ArrayPool<int>.Shared.Rent(Math.Max(2 * columns.Length, count + more));
            columns.AsSpan(0, count).CopyTo(larger);
            ArrayPool<int>.Shared.Return(columns);
            columns = larger;
        }
    }
}
