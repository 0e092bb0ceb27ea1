using Pipeline.Segmentation.Checkpoints;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Pipeline.Segmentation.Llama;

/// <summary>Gated feed-forward network: down(silu(gate(x)) * up(x)).</summary>
/// <remarks>transformers 4.31 modeling_llama.py, LlamaMLP.</remarks>
public sealed class FeedForward(Weights weights, LlamaConfig config)
{
    private readonly Tensor gateWeight = weights["gate_proj"].Get("weight", config.IntermediateSize, config.HiddenSize);
    private readonly Tensor upWeight = weights["up_proj"].Get("weight", config.IntermediateSize, config.HiddenSize);
    private readonly Tensor downWeight = weights["down_proj"].Get("weight", config.HiddenSize, config.IntermediateSize);

    /// <param name="x">(B, n, d).</param>
    /// <returns>(B, n, d).</returns>
    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var gate = functional.linear(x, gateWeight);
        var up = functional.linear(x, upWeight);
        // Backward needs both factors as they were.
        var gated = is_grad_enabled() ? gate.silu() * up : gate.silu_().mul_(up);
        return functional.linear(gated, downWeight).MoveToOuterDisposeScope();
    }
}
