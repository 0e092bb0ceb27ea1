using Pipeline.Evaluation;

namespace Pipeline.Contracts.Results;

/// <summary>What a model said to an expression, in a job whose answers are generated.</summary>
/// <param name="Text">The answer without its end token, on one line, [SEG] where it asks for a mask.</param>
/// <param name="Masks">How many masks it asks for; a prediction's mask is their union, empty without any.</param>
/// <param name="Tokens">New tokens, the end token included when it was reached.</param>
public sealed record GeneratedAnswer(string Text, int Masks, int Tokens)
{
    /// <summary>A limit cut it off before its end token.</summary>
    public bool Truncated { get; init; }

    /// <summary>Its masks one by one, in order; null unless there are several and the job keeps masks.</summary>
    public IReadOnlyList<Rle>? Parts { get; init; }

    /// <summary>Language-model time behind the first token, milliseconds: this answer's share of its batch, by its tokens. Not part of what must repeat bit for bit.</summary>
    public double DecodeMilliseconds { get; init; }
}
