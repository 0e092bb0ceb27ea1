using static TorchSharp.torch;

namespace Pipeline.Segmentation.Pruning;

/// <summary>The visual tokens to go on with.</summary>
/// <param name="Tokens">(B, k) int64, indices into the original visual tokens, ascending in every row.</param>
/// <param name="Hidden">(B, k, d), their hidden states, where tokens come back that were dropped earlier; null when all of them are present and go on as they are.</param>
public sealed record VisualSelection(Tensor Tokens, Tensor? Hidden = null);
