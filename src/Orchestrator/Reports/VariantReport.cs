using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Pipeline.Evaluation.Statistics;

namespace Pipeline.Orchestrator.Reports;

/// <summary>What one variant of the sweep gave.</summary>
public sealed record VariantReport
{
    public required string Name { get; init; }

    public required string Method { get; init; }

    public required IReadOnlyDictionary<string, JsonNode> Settings { get; init; }

    /// <summary>The method's paper leaves settings open that are ours here: results under its name are not the paper's.</summary>
    public required bool Reimplementation { get; init; }

    /// <summary>Samples that are in.</summary>
    public required long Samples { get; init; }

    /// <summary>Predictions that are in, failed ones too.</summary>
    public required long Predictions { get; init; }

    public required long Failures { get; init; }

    /// <summary>Predictions that were compared with a ground truth.</summary>
    public required long Measured { get; init; }

    /// <summary>Mean IoU; null when nothing was measured.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required double? Giou { get; init; }

    /// <summary>Sum of intersections over sum of unions; null when nothing was measured.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required double? Ciou { get; init; }

    /// <summary>gIoU with its 95 % interval.</summary>
    public Estimate? GiouInterval { get; init; }

    /// <summary>cIoU with its 95 % interval.</summary>
    public Estimate? CiouInterval { get; init; }

    /// <summary>Difference to the variant <c>none</c>, paired; null for that one itself and where there is none.</summary>
    public DifferenceReport? DifferenceToNone { get; init; }

    /// <summary>Difference to the variant of the highest gIoU at the same budget, paired; null for that one itself, for <c>none</c> and without such a variant.</summary>
    public DifferenceToBestReport? DifferenceToBest { get; init; }

    /// <summary>By kind of expression, in ordinal order; null when no expression that was measured has one.</summary>
    public IReadOnlyDictionary<string, KindReport>? Kinds { get; init; }

    /// <summary>What the model said; null where answers were forced.</summary>
    public AnswersReport? Answers { get; init; }

    /// <summary>Visual tokens, mean over layers and predictions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required double? AverageVisualTokens { get; init; }

    /// <summary>Mean visual tokens in each decoder layer.</summary>
    public required IReadOnlyList<double> VisualTokensPerLayer { get; init; }

    /// <summary>Mean TFLOPs of the language model for one image with one expression; of a generated answer, for its prompt.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required double? TflopsPerSample { get; init; }

    /// <summary>Language-model time for one image with one expression.</summary>
    public required TimeReport LlmMilliseconds { get; init; }

    /// <summary>Whole time for one image with one expression, shared work divided among those that share it.</summary>
    public required TimeReport TotalMilliseconds { get; init; }

    /// <summary>Over its predictions, times left out.</summary>
    public required string Digest { get; init; }
}
