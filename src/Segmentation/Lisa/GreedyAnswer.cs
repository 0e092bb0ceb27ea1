using static TorchSharp.torch;

namespace Pipeline.Segmentation.Lisa;

/// <summary>What a LISA said to one prompt, and the states that predicted its [SEG] tokens. Owns its tensor, outside every dispose scope.</summary>
/// <param name="Tokens">New tokens, the end token included when it was reached; at least one.</param>
/// <param name="Ended">False when a limit cut the answer off.</param>
/// <param name="SegTokens">Indices in <paramref name="Tokens"/> of each [SEG], ascending.</param>
/// <param name="SegStates">(S, d): for each of them the final-norm state one position before it; null without any.</param>
public sealed record GreedyAnswer(IReadOnlyList<int> Tokens, bool Ended, IReadOnlyList<int> SegTokens, Tensor? SegStates) : IDisposable
{
    public void Dispose() => SegStates?.Dispose();
}
