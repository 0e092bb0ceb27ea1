using System.Runtime.ExceptionServices;

namespace Pipeline.Segmentation.Checkpoints;

/// <summary>Goes through many bytes in pieces on all cores.</summary>
internal static class Pieces
{
    /// <param name="total">Bytes; none are no piece.</param>
    /// <param name="size">Of a piece, bytes; the last one may be smaller.</param>
    /// <param name="act">Called with a piece's first byte and its length, by several threads at once.</param>
    /// <param name="token">Ends it between two pieces.</param>
    public static void ForEach(long total, int size, Action<long, int> act, CancellationToken token = default)
    {
        token.ThrowIfCancellationRequested();
        if (total <= size)
        {
            if (total > 0)
                act(0, (int)total);
            return;
        }

        try
        {
            Parallel.For(0, (total + size - 1) / size, new ParallelOptions { CancellationToken = token, MaxDegreeOfParallelism = Environment.ProcessorCount }, piece =>
                act(piece * size, (int)Math.Min(size, total - (piece * size))));
        }
        catch (AggregateException faults)
        {
            ExceptionDispatchInfo.Throw(faults.InnerExceptions[0]);
        }
    }
}
