using static TorchSharp.torch;

namespace Pipeline.Segmentation.Llama;

/// <summary>The rotations of one sequence of positions.</summary>
/// <param name="Cos">(B or 1, 1, n, head size).</param>
/// <param name="SignedSin">Same shape; the first half negated, so that turning is two products and a sum.</param>
public sealed record Rotation(Tensor Cos, Tensor SignedSin)
{
    /// <summary>The rotation of one position per sequence.</summary>
    /// <param name="index">(B, 1, 1) int64.</param>
    public Rotation At(Tensor index)
    {
        return new Rotation(Pick(Cos), Pick(SignedSin));

        Tensor Pick(Tensor table)
        {
            var (batch, length, size) = (index.shape[0], table.shape[2], table.shape[3]);
            return table.expand(batch, 1, length, size).gather(2, index.unsqueeze(1).expand(batch, 1, 1, size));
        }
    }

    /// <param name="x">(B, heads, n, head size).</param>
    /// <returns>Same shape, rotated.</returns>
    public Tensor Apply(Tensor x)
    {
        using var scope = NewDisposeScope();
        var swapped = x.roll(x.shape[^1] / 2, -1);
        return (x * Cos).addcmul_(swapped, SignedSin, 1).MoveToOuterDisposeScope();
    }
}
