namespace Pipeline.Evaluation.Statistics;

/// <summary>What one prediction contributes to a report.</summary>
public sealed record Measurement
{
    /// <summary>A prediction without a mask. It counts as a prediction and as a failure, and nowhere else.</summary>
    public static Measurement Failure { get; } = new() { Failed = true };

    public bool Failed { get; init; }

    /// <summary>Overlap with the ground truth; null where there is none.</summary>
    public MaskOverlap? Overlap { get; init; }

    /// <summary>What the model said; null where the answer was forced.</summary>
    public AnswerMeasurement? Answer { get; init; }

    /// <summary>Real visual tokens in each decoder layer.</summary>
    public IReadOnlyList<int> VisualTokens { get; init; } = [];

    /// <summary>Work of the language model, TFLOPs.</summary>
    public double Tflops { get; init; }

    /// <summary>Time of the language model, milliseconds.</summary>
    public double LlmMilliseconds { get; init; }

    /// <summary>Whole time, milliseconds.</summary>
    public double TotalMilliseconds { get; init; }
}
