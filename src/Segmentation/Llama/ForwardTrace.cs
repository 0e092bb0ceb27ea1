using static TorchSharp.torch;

namespace Pipeline.Segmentation.Llama;

/// <summary>What a forward pass went through, for verification.</summary>
public sealed class ForwardTrace : IDisposable
{
    private readonly List<Tensor> hiddenStates = [];
    private readonly List<Tensor> attentions = [];

    /// <summary>Input of every layer, then the output of the last one before the final norm; each (B, n, d).</summary>
    public IReadOnlyList<Tensor> HiddenStates => hiddenStates;

    /// <summary>Attention probabilities of every layer, (B, heads, n, m) float32.</summary>
    public IReadOnlyList<Tensor> Attentions => attentions;

    public void Dispose()
    {
        foreach (var tensor in hiddenStates.Concat(attentions)) tensor.Dispose();
    }

    internal void AddHidden(Tensor hidden) => hiddenStates.Add(hidden.detach().DetachFromDisposeScope());

    internal AttentionTap Tap(Tensor? mask) =>
        (query, key) => attentions.Add(Attention.Probabilities(query, key, mask).detach().DetachFromDisposeScope());
}
