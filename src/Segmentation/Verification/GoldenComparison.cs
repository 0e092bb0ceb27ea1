using static TorchSharp.torch;

namespace Pipeline.Segmentation.Verification;

/// <summary>Compares a computed tensor with an expected one by their largest absolute difference; in smaller types than float32 by the root of the mean square too.</summary>
internal static class GoldenComparison
{
    // In units in the last place, which a few layers of rounding use up: of the whole tensor, and of its largest value, where single numbers stray.
    private const double SmallTypeUnits = 16;
    private const double SmallTypeLargestUnits = 32;

    /// <param name="expected">On the CPU.</param>
    /// <param name="actual">On the CPU, same shape if all is well.</param>
    /// <param name="tolerance">In float32; 0 for exact.</param>
    /// <param name="dtype">What the model computed in.</param>
    public static VerificationRow Of(string group, string name, Tensor expected, Tensor actual, double tolerance, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var shape = expected.shape;
        if (!shape.SequenceEqual(actual.shape))
            return new VerificationRow(group, name, shape, null, tolerance, false, $"has shape ({string.Join(", ", actual.shape)}); expected ({string.Join(", ", shape)})");
        var wide = expected.to(ScalarType.Float64);
        var difference = wide - actual.to(ScalarType.Float64);
        var (allowed, message) = (tolerance, "");
        if (tolerance > 0 && dtype is ScalarType.BFloat16 or ScalarType.Float16)
        {
            var unit = finfo(dtype).eps;
            var (size, strayed) = (MeanSquareRoot(wide), MeanSquareRoot(difference));
            allowed = Math.Max(tolerance, SmallTypeLargestUnits * unit * Math.Max(1, Largest(wide.abs())));
            message = $"rms error {Percent(strayed, size)} of the tensor's; tolerance widened from {tolerance:g3} for {dtype}";
            if (strayed > Math.Max(tolerance, SmallTypeUnits * unit * size))
                return new VerificationRow(group, name, shape, Finite(Largest(difference.abs())), allowed, false, $"rms error {Percent(strayed, size)} of the tensor's, more than {SmallTypeUnits * unit:p1}");
        }

        var error = Largest(difference.abs());
        var passed = error <= allowed;
        if (!passed) message = double.IsNaN(error) ? "holds values that are no numbers" : $"differs by {error:g3}, more than {allowed:g3}";
        return new VerificationRow(group, name, shape, Finite(error), allowed, passed, message);
    }

    private static string Percent(double part, double whole) => whole > 0 ? $"{part / whole:p2}" : $"{part:g3}";

    private static double? Finite(double error) => double.IsFinite(error) ? error : null;

    private static double MeanSquareRoot(Tensor values) => values.numel() == 0 ? 0 : Math.Sqrt(values.square().mean().item<double>());

    private static double Largest(Tensor values) => values.numel() == 0 ? 0 : values.max().item<double>();
}
