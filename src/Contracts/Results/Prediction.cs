using Pipeline.Evaluation;

namespace Pipeline.Contracts.Results;

/// <summary>Result of one (sample, expression, variant).</summary>
public sealed record Prediction
{
    /// <summary>Sample id.</summary>
    public required string Sample { get; init; }

    /// <summary>Index of the expression in its sample.</summary>
    public required int Expression { get; init; }

    /// <summary>Index of the variant in <see cref="Jobs.JobSpec.Variants"/>.</summary>
    public required int Variant { get; init; }

    /// <summary>Why there is no mask; null for a prediction that succeeded.</summary>
    public PredictionFailure? Failure { get; init; }

    /// <summary>Predicted mask at the image's own size, of a generated answer the union of its masks; null when failed or when the job keeps no masks.</summary>
    public Rle? Mask { get; init; }

    /// <summary>What the model said; null when failed or where the answer was forced.</summary>
    public GeneratedAnswer? Answer { get; init; }

    /// <summary>Overlap with the ground truth; null when failed or when there is none.</summary>
    public MaskOverlap? Overlap { get; init; }

    /// <summary>Real visual tokens in each decoder layer.</summary>
    public IReadOnlyList<int> VisualTokens { get; init; } = [];

    /// <summary>Real tokens in each decoder layer, text included, padding not.</summary>
    public IReadOnlyList<int> Tokens { get; init; } = [];

    /// <summary>Which visual tokens each stage of the language model ran on; only of samples that the report shows.</summary>
    public IReadOnlyList<TokenStage>? Stages { get; init; }

    /// <summary>Language-model work on the prompt in TFLOPs, PyramidDrop's convention: visual tokens only, 3ndm, one multiply-add is one FLOP. New tokens of an answer are not part of it.</summary>
    public double Tflops { get; init; }

    /// <summary>Language-model time, milliseconds, with that of generating the answer: this expression's share of its batch. Not part of what must repeat bit for bit.</summary>
    public double LlmMilliseconds { get; init; }

    /// <summary>Decode to mask, milliseconds, work shared by variants and expressions divided among them. Not part of what must repeat bit for bit.</summary>
    public double TotalMilliseconds { get; init; }
}
