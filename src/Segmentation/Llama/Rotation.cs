using static TorchSharp.torch;

namespace Pipeline.Segmentation.Llama;

/// <summary>The rotations of one sequence of positions.</summary>
/// <param name="Cos">(B or 1, 1, n, head size).</param>
/// <param name="SignedSin">Same shape; the first half negated, so that turning is two products and a sum.</param>
public sealed record Rotation(Tensor Cos, Tensor SignedSin)
{
    /// <param name="x">(B, heads, n, head size).</param>
    /// <returns>Same shape, rotated.</returns>
    public Tensor Apply(Tensor x)
    {
        using var scope = NewDisposeScope();
        var swapped = x.roll(x.shape[^1] / 2, -1);
        return (x * Cos).addcmul_(swapped, SignedSin, 1).MoveToOuterDisposeScope();
    }
}
