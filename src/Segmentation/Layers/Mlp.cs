using static TorchSharp.torch;

namespace Pipeline.Segmentation.Layers;

/// <summary>Linear layers with an activation between each two of them, none after the last.</summary>
/// <param name="activation">Such as <see cref="Activation.Gelu"/>.</param>
/// <param name="layers">In order.</param>
public sealed class Mlp(Func<Tensor, Tensor> activation, params Linear[] layers)
{
    /// <param name="x">(..., in of the first layer).</param>
    /// <returns>(..., out of the last layer).</returns>
    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        x = layers[0].Forward(x);
        foreach (var layer in layers.AsSpan(1))
            x = layer.Forward(activation(x));
        return x.MoveToOuterDisposeScope();
    }
}
