namespace Pipeline.Orchestrator.Planning;

/// <summary>Which samples a report shows.</summary>
internal static class OverlayPositions
{
    /// <returns>Positions in the manifest, ascending, evenly spaced from the first; all of them when there are no more than asked for.</returns>
    public static IEnumerable<long> Of(long samples, int overlays)
    {
        var count = Math.Min(samples, overlays);
        for (var i = 0L; i < count; i++)
            yield return (long)((Int128)i * samples / count);
    }
}
