using System.Buffers;

namespace Pipeline.Segmentation.Superpixels;

/// <summary>Makes regions connected: pieces are flooded in raster order, cut at a greatest size, and joined to a neighbour below a least size.</summary>
/// <remarks>
/// scikit-image 0.19.3, segmentation/_slic.pyx. A small piece joins the labelled neighbour its flood met last, and gives its label free for the next piece;
/// one that met none keeps the label, which the next piece then shares.
/// </remarks>
internal sealed class Connectivity
{
    private const int Nothing = -1;

    private readonly int height;
    private readonly int width;
    private readonly int stride;
    private readonly int greatestSize;
    private readonly int[] queue;

    /// <summary>A pixel's label from 0, or -2 - its cluster as long as it has none; <see cref="Nothing"/> outside the image and where there is no cluster.</summary>
    private readonly int[] state;

    private Connectivity(int[] clusters, int height, int width, int greatestSize, int[] state)
    {
        (this.height, this.width, this.greatestSize, this.state) = (height, width, greatestSize, state);
        stride = width + 2;
        queue = new int[Math.Clamp(greatestSize, 1, height * width)];
        State.Fill(Nothing);
        for (var y = 0; y < height; y++)
        {
            var row = Row(y);
            clusters.AsSpan(y * width, width).CopyTo(row);
            foreach (ref var pixel in row) pixel = -2 - pixel;
        }
    }

    /// <param name="labels">(H, W). In: clusters from 0. Out: regions from 0, in raster order of their first pixels. -1 stays.</param>
    /// <param name="meanSize">Pixels per seed.</param>
    public static void Enforce(int[] labels, int height, int width, double meanSize, double minSizeFactor, double maxSizeFactor)
    {
        // A frame of one pixel around the image spares the flood every test for its edges.
        var state = ArrayPool<int>.Shared.Rent((height + 2) * (width + 2));
        var connectivity = new Connectivity(labels, height, width, Pixels(maxSizeFactor * meanSize), state);
        connectivity.LabelAll(Pixels(minSizeFactor * meanSize));
        for (var y = 0; y < height; y++) connectivity.Row(y).CopyTo(labels.AsSpan(y * width));
        ArrayPool<int>.Shared.Return(state);
    }

    private Span<int> State => state.AsSpan(0, (height + 2) * stride);

    private static int Pixels(double size) => (int)Math.Min(size, int.MaxValue);

    private Span<int> Row(int y) => state.AsSpan(((y + 1) * stride) + 1, width);

    private void LabelAll(int leastSize)
    {
        var next = 0;
        var pieces = new Pieces(State, stride, Nothing);
        for (var run = 0; run < pieces.Count; run++)
        {
            var (start, end) = pieces[run];
            var size = pieces.Size(run);
            if (size >= leastSize && size < greatestSize)
            {
                // A flood would take the whole piece, in whichever order.
                if (state[start] < Nothing) pieces.Paint(run, state, next++);
                continue;
            }

            for (var pixel = start; pixel < end; pixel++)
            {
                if (state[pixel] < Nothing && !Settle(pixel, next, leastSize)) next++;
            }
        }
    }

    /// <summary>Floods what is left of a piece that is small, or large enough to be cut.</summary>
    /// <returns>Whether it was too small and joined a neighbour.</returns>
    private bool Settle(int pixel, int label, int leastSize)
    {
        var (size, neighbour) = Flood(pixel, label);
        if (size >= leastSize) return false;
        foreach (var member in queue.AsSpan(0, size)) state[member] = neighbour;
        return true;
    }

    /// <summary>Labels the piece at a pixel, breadth first: right, left, below, above.</summary>
    /// <returns>Its size, and the last other label met; its own when it met none.</returns>
    private (int Size, int Neighbour) Flood(int start, int label)
    {
        ReadOnlySpan<int> steps = [1, -1, stride, -stride];
        var (piece, neighbour, size) = (state[start], label, 1);
        state[start] = label;
        queue[0] = start;
        for (var visited = 0; visited < size && size < greatestSize; visited++)
        {
            foreach (var step in steps)
            {
                ref var pixel = ref state[queue[visited] + step];
                if (pixel == piece)
                {
                    pixel = label;
                    queue[size++] = queue[visited] + step;
                    if (size >= greatestSize) break;
                }
                else if (pixel >= 0 && pixel != label)
                {
                    neighbour = pixel;
                }
            }
        }

        return (size, neighbour);
    }
}
