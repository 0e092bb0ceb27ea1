using Pipeline.Contracts.Messages;

namespace Pipeline.Orchestrator.Ledger;

/// <summary>A row of <c>predictions</c>; masks stay in the shard results.</summary>
internal sealed class PredictionRow
{
    public Guid Job { get; init; }

    /// <summary>Position of the sample in the manifest.</summary>
    public long Position { get; init; }

    public int Expression { get; init; }

    public int Variant { get; init; }

    public required string Sample { get; init; }

    public int Shard { get; init; }

    public FaultClass? Fault { get; init; }

    public string? Stage { get; init; }

    public string? Reason { get; init; }

    /// <summary>Pixels; null without ground truth or mask.</summary>
    public long? Intersection { get; init; }

    /// <summary>Pixels; null without ground truth or mask.</summary>
    public long? Union { get; init; }

    public required int[] VisualTokens { get; init; }

    public required int[] Tokens { get; init; }

    public double Tflops { get; init; }

    public double LlmMilliseconds { get; init; }

    public double TotalMilliseconds { get; init; }
}
