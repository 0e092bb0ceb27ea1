namespace Pipeline.Evaluation.Statistics;

/// <summary>What one generated answer contributes to a report.</summary>
/// <param name="Masks">Masks it asked for.</param>
/// <param name="Tokens">New tokens, at least 1.</param>
/// <param name="Truncated">A limit cut it off.</param>
/// <param name="DecodeMilliseconds">Time behind its first token.</param>
public sealed record AnswerMeasurement(int Masks, int Tokens, bool Truncated, double DecodeMilliseconds);
