namespace Pipeline.Orchestrator.Jobs;

/// <summary>Samples per second over a sliding window.</summary>
internal sealed class Pace
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly Queue<(TimeSpan At, long Samples)> marks = new();

    /// <param name="at">Time since any fixed moment.</param>
    /// <param name="samples">Samples done by then.</param>
    /// <returns>The rate; null while nothing was done in the window.</returns>
    public double? Mark(TimeSpan at, long samples)
    {
        marks.Enqueue((at, samples));
        while (marks.Count > 2 && at - marks.Peek().At > Window)
            marks.Dequeue();
        var (since, before) = marks.Peek();
        return samples > before && at > since ? (samples - before) / (at - since).TotalSeconds : null;
    }
}
