using System.Text.Json.Serialization;

namespace Pipeline.Orchestrator.Reports;

/// <summary>What a variant's generated answers were like.</summary>
public sealed record AnswersReport
{
    /// <summary>Answers that are in.</summary>
    public required long Answers { get; init; }

    /// <summary>Those that asked for no mask; their mask is empty.</summary>
    public required long WithoutMask { get; init; }

    public required long WithOneMask { get; init; }

    /// <summary>Those that asked for several; their mask is the union.</summary>
    public required long WithSeveralMasks { get; init; }

    /// <summary>Those that a limit cut off before their end token.</summary>
    public required long Truncated { get; init; }

    /// <summary>Mean new tokens of an answer, the end token included.</summary>
    public required double MeanNewTokens { get; init; }

    /// <summary>Part of the language-model time behind the first token, for one image with one expression.</summary>
    public required TimeReport DecodeMilliseconds { get; init; }

    /// <summary>New tokens behind the first per second of decoding; null where no answer had two.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required double? TokensPerSecond { get; init; }
}
