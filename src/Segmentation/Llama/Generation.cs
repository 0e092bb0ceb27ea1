using static TorchSharp.torch;

namespace Pipeline.Segmentation.Llama;

/// <summary>What a model said.</summary>
/// <param name="Tokens">New tokens, the end token included when it was reached.</param>
/// <param name="Logits">(tokens, vocabulary), of the step that chose each token.</param>
public sealed record Generation(IReadOnlyList<int> Tokens, Tensor Logits) : IDisposable
{
    public void Dispose() => Logits.Dispose();
}
