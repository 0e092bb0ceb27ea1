using System.Text.Json.Serialization;

namespace Pipeline.Orchestrator.Reports;

/// <summary>Times of a variant's predictions, milliseconds; null without any.</summary>
public sealed record TimeReport
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required double? Median { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required double? P95 { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required double? Mean { get; init; }
}
