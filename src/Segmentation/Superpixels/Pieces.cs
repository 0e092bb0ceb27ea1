using System.Runtime.InteropServices;

namespace Pipeline.Segmentation.Superpixels;

/// <summary>Connected pieces of equal values (4-neighbourhood), held as horizontal runs joined by union-find.</summary>
internal sealed class Pieces
{
    private readonly List<Run> runs;

    /// <param name="values">An image within a frame; negative values other than <paramref name="nothing"/> are pieces.</param>
    /// <param name="stride">From one row to the next.</param>
    /// <param name="nothing">Belongs to no piece; the frame is made of it.</param>
    public Pieces(ReadOnlySpan<int> values, int stride, int nothing)
    {
        // Regions are convex enough for a few runs a row.
        runs = new List<Run>(Math.Min(8, stride - 2) * (values.Length / stride));
        var (above, here) = (0, 0);
        for (var row = 0; row < values.Length; row += stride)
        {
            (above, here) = (here, runs.Count);
            for (int start = row, end; start < row + stride; start = end)
            {
                var length = values[start..(row + stride)].IndexOfAnyExcept(values[start]);
                end = length < 0 ? row + stride : start + length;
                if (values[start] == nothing) continue;
                var run = runs.Count;
                runs.Add(new Run { Start = start, End = end, Parent = run, Next = run, Size = end - start });
                for (; above < here && runs[above].Start < end - stride; above++)
                {
                    if (runs[above].End > start - stride && values[runs[above].Start] == values[start]) Join(above, run);
                    if (runs[above].End > end - stride) break;
                }
            }
        }
    }

    /// <summary>Runs in raster order.</summary>
    public int Count => runs.Count;

    /// <summary>First pixel of a run, and the one behind its last.</summary>
    public (int Start, int End) this[int run] => (runs[run].Start, runs[run].End);

    /// <summary>Pixels of the piece a run belongs to.</summary>
    public int Size(int run) => runs[Root(run)].Size;

    /// <summary>Gives all pixels of a run's piece a value.</summary>
    public void Paint(int run, Span<int> values, int value)
    {
        var current = run;
        do
        {
            values[runs[current].Start..runs[current].End].Fill(value);
            current = runs[current].Next;
        }
        while (current != run);
    }

    private int Root(int run)
    {
        var all = CollectionsMarshal.AsSpan(runs);
        while (all[run].Parent != run) run = all[run].Parent = all[all[run].Parent].Parent;
        return run;
    }

    private void Join(int one, int other)
    {
        var (root, joining) = (Root(one), Root(other));
        if (root == joining) return;
        if (joining < root) (root, joining) = (joining, root);
        var all = CollectionsMarshal.AsSpan(runs);
        all[joining].Parent = root;
        all[root].Size += all[joining].Size;
        // Each piece's runs form a ring; exchanging two successors makes one ring of two.
        (all[root].Next, all[joining].Next) = (all[joining].Next, all[root].Next);
    }

    private struct Run
    {
        public int Start;
        public int End;
        public int Parent;
        public int Next;
        public int Size;
    }
}
