namespace Pipeline.Chaos.Audit;

/// <summary>What an audit found. Everything but the first two numbers is to be empty.</summary>
public sealed class Verdict
{
    public int Jobs { get; set; }

    public long Predictions { get; set; }

    /// <summary>Samples of the manifest without a prediction of a variant.</summary>
    public List<string> Losses { get; } = [];

    /// <summary>Predictions that are there twice, or that the manifest knows nothing of.</summary>
    public List<string> Duplicates { get; } = [];

    /// <summary>Rows that differ from their artifact, artifacts that differ from their hash, aggregates that differ from their rows, digests that differ from the undisturbed run's.</summary>
    public List<string> WrongNumbers { get; } = [];

    /// <summary>Messages in queues, shards and attempts in flight, artifacts that no shard points at.</summary>
    public List<string> LeftOver { get; } = [];

    public bool IsClean => Losses.Count + Duplicates.Count + WrongNumbers.Count + LeftOver.Count == 0;

    public override string ToString() =>
        $"{Jobs} jobs, {Predictions} predictions: {Losses.Count} lost, {Duplicates.Count} duplicate, {WrongNumbers.Count} wrong, {LeftOver.Count} left over"
        + string.Concat(Losses.Concat(Duplicates).Concat(WrongNumbers).Concat(LeftOver).Take(20).Select(line => $"\n  {line}"));
}
