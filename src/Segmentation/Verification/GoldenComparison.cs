using static TorchSharp.torch;

namespace Pipeline.Segmentation.Verification;

/// <summary>Compares a computed tensor with an expected one by their largest absolute difference.</summary>
internal static class GoldenComparison
{
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
        var (allowed, message) = (tolerance, "");
        if (tolerance > 0 && dtype is ScalarType.BFloat16 or ScalarType.Float16)
        {
            // Rounding errors of a few layers: so many units in the last place of the largest value.
            allowed = Math.Max(tolerance, 16 * finfo(dtype).eps * Math.Max(1, Largest(wide.abs())));
            message = $"tolerance widened from {tolerance:g3} for {dtype}";
        }

        var error = Largest((wide - actual.to(ScalarType.Float64)).abs());
        var passed = error <= allowed;
        if (!passed) message = double.IsNaN(error) ? "holds values that are no numbers" : $"differs by {error:g3}, more than {allowed:g3}";
        return new VerificationRow(group, name, shape, double.IsFinite(error) ? error : null, allowed, passed, message);
    }

    private static double Largest(Tensor values) => values.numel() == 0 ? 0 : values.max().item<double>();
}
