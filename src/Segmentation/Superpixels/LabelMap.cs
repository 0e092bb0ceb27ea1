using System.Runtime.InteropServices;

namespace Pipeline.Segmentation.Superpixels;

/// <summary>The region of each pixel, or of each token of a grid.</summary>
/// <param name="Height">Rows, at least 1.</param>
/// <param name="Width">Columns, at least 1.</param>
/// <param name="Labels">Region ids, row-major (H, W).</param>
/// <param name="Regions">How many different ids there are.</param>
public sealed record LabelMap(int Height, int Width, int[] Labels, int Regions)
{
    /// <summary>Region ids, row-major (H, W).</summary>
    public int[] Labels { get; } = Fits(Height, Width, Labels);

    /// <summary>A map with its regions counted.</summary>
    public static LabelMap Of(int height, int width, int[] labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var seen = new HashSet<int>();
        for (var i = 0; i < labels.Length; i++)
        {
            // Most pixels have their neighbour's label.
            if (i == 0 || labels[i] != labels[i - 1]) seen.Add(labels[i]);
        }

        return new LabelMap(height, width, labels, seen.Count);
    }

    /// <summary>The region of each token: the one most of its block's pixels have, the smallest id among equals.</summary>
    /// <param name="gridHeight">Rows of tokens; token row r stands for pixel rows r·H/gridHeight up to (r+1)·H/gridHeight, whole divisions.</param>
    /// <param name="gridWidth">Columns of tokens, alike.</param>
    /// <param name="renumber">Gives the regions that are left ids from 0 without gaps, in the order they had; else ids stay, and those without a token are missing.</param>
    /// <exception cref="ArgumentOutOfRangeException">The grid is empty or finer than the map.</exception>
    public LabelMap ToTokenGrid(int gridHeight, int gridWidth, bool renumber = false)
    {
        CheckSide(nameof(gridHeight), gridHeight, Height);
        CheckSide(nameof(gridWidth), gridWidth, Width);
        var tokens = new int[gridHeight * gridWidth];
        var votes = new Dictionary<int, int>();
        for (var token = 0; token < tokens.Length; token++)
        {
            var (row, column) = (token / gridWidth, token % gridWidth);
            tokens[token] = Majority(votes, Part(row, gridHeight, Height), Part(column, gridWidth, Width));
        }

        int[] left = [.. tokens.Distinct().Order()];
        if (renumber) tokens = Array.ConvertAll(tokens, id => Array.BinarySearch(left, id));
        return new LabelMap(gridHeight, gridWidth, tokens, left.Length);
    }

    private static Range Part(int index, int parts, int whole) => (int)((long)index * whole / parts)..(int)((index + 1L) * whole / parts);

    private static void CheckSide(string name, int side, int greatest)
    {
        if (side < 1 || side > greatest)
            throw new ArgumentOutOfRangeException(name, side, $"A label map with {greatest} pixels along this side gives 1 to {greatest} tokens.");
    }

    private static int[] Fits(int height, int width, int[] labels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentNullException.ThrowIfNull(labels);
        return labels.Length == (long)height * width
            ? labels
            : throw new ArgumentException($"A map of {width}x{height} has {(long)height * width} labels, not {labels.Length}.", nameof(labels));
    }

    private int Majority(Dictionary<int, int> votes, Range rows, Range columns)
    {
        votes.Clear();
        for (var y = rows.Start.Value; y < rows.End.Value; y++)
        {
            for (var rest = Labels.AsSpan(y * Width, Width)[columns]; rest.Length > 0;)
            {
                var run = rest.IndexOfAnyExcept(rest[0]) is > 0 and var length ? length : rest.Length;
                CollectionsMarshal.GetValueRefOrAddDefault(votes, rest[0], out _) += run;
                rest = rest[run..];
            }
        }

        var (winner, most) = (int.MaxValue, 0);
        foreach (var (id, count) in votes)
        {
            if (count > most || (count == most && id < winner)) (winner, most) = (id, count);
        }

        return winner;
    }
}
