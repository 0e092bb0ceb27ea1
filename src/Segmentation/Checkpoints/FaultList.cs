namespace Pipeline.Segmentation.Checkpoints;

/// <summary>Many faults of one kind in one message.</summary>
internal static class FaultList
{
    private const int Most = 20;

    /// <returns>All faults, or the first twenty and how many there are more.</returns>
    public static string Of(IReadOnlyCollection<string> faults) =>
        string.Join("; ", faults.Take(Most)) + (faults.Count > Most ? $"; and {faults.Count - Most} more" : "");
}
