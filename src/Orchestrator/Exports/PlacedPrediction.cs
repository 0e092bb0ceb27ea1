using Pipeline.Contracts.Results;

namespace Pipeline.Orchestrator.Exports;

/// <summary>A prediction and where its sample stands in the manifest.</summary>
internal sealed record PlacedPrediction(long Position, Prediction Prediction)
{
    public bool IsBefore(PlacedPrediction other) =>
        (Position, Prediction.Expression, Prediction.Variant).CompareTo((other.Position, other.Prediction.Expression, other.Prediction.Variant)) < 0;
}
