namespace Pipeline.Cli.Inspection;

/// <summary>Counts faults and keeps the first few.</summary>
internal sealed class FaultTally
{
    private const int Shown = 5;

    private readonly List<string> first = [];

    public long Count { get; private set; }

    public IReadOnlyList<string> First => first;

    public void Add(string reason)
    {
        Count++;
        if (first.Count < Shown)
            first.Add(reason);
    }
}
