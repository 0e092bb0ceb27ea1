using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Optimization;

/// <summary>Approximately the nearest (semi-)orthogonal matrix, by matrix products alone.</summary>
/// <remarks>
/// K. Jordan, "Muon: An optimizer for hidden layers in neural networks" (2024). The quintic's coefficients drive every singular value into
/// about 0.7 to 1.2 and not to 1: its slope at 0 is what counts.
/// </remarks>
internal static class NewtonSchulz
{
    private const int Iterations = 5;
    private const float Linear = 3.4445f;
    private const float Cubic = -4.7750f;
    private const float Quintic = 2.0315f;
    private const double Tiny = 1e-7;

    /// <param name="matrices">(B, rows, columns) float32; not changed.</param>
    /// <returns>(B, rows, columns), each matrix U V' of its U S V'; zero where it is zero.</returns>
    public static Tensor Orthogonalize(Tensor matrices)
    {
        using var scope = NewDisposeScope();
        // The products are as small as the smaller side.
        var tall = matrices.size(1) > matrices.size(2);
        var wide = tall ? matrices.mT : matrices;
        var x = wide / (linalg.vector_norm(wide, 2, [1, 2], keepdim: true) + Tiny);
        for (var i = 0; i < Iterations; i++)
        {
            using var before = x;
            using var square = x.bmm(x.mT);
            using var polynomial = (square * Cubic).add_(square.bmm(square), Quintic);
            x = (x * Linear).add_(polynomial.bmm(x));
        }

        return (tall ? x.mT : x).MoveToOuterDisposeScope();
    }
}
