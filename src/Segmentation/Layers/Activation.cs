using static TorchSharp.torch;

namespace Pipeline.Segmentation.Layers;

/// <summary>Activation functions under the names that configuration files use.</summary>
public static class Activation
{
    public static Tensor Relu(Tensor x) => nn.functional.relu(x);

    /// <summary>The exact one, by the error function.</summary>
    public static Tensor Gelu(Tensor x) => nn.functional.gelu(x);

    /// <summary>x sigmoid(1.702 x), CLIP's own.</summary>
    public static Tensor QuickGelu(Tensor x)
    {
        using var scope = NewDisposeScope();
        var scaled = 1.702 * x;
        // Backward needs the sigmoid as it was.
        var gated = is_grad_enabled() ? scaled.sigmoid() * x : scaled.sigmoid_().mul_(x);
        return gated.MoveToOuterDisposeScope();
    }
}
