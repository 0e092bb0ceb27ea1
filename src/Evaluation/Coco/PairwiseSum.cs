namespace Pipeline.Evaluation.Coco;

/// <summary>Adds as numpy does, so that a mean is the same to the last bit.</summary>
/// <remarks>numpy/core/src/umath/loops_utils.h.src, pairwise_sum.</remarks>
internal static class PairwiseSum
{
    private const int Block = 128;
    private const int Lanes = 8;

    public static double Of(ReadOnlySpan<double> values)
    {
        if (values.Length > Block)
        {
            var half = values.Length / 2;
            half -= half % Lanes;
            return Of(values[..half]) + Of(values[half..]);
        }

        var whole = values.Length - values.Length % Lanes;
        var sum = 0.0;
        if (whole > 0)
        {
            Span<double> lanes = stackalloc double[Lanes];
            values[..Lanes].CopyTo(lanes);
            for (var i = Lanes; i < whole; i++)
                lanes[i % Lanes] += values[i];
            sum = lanes[0] + lanes[1] + (lanes[2] + lanes[3]) + (lanes[4] + lanes[5] + (lanes[6] + lanes[7]));
        }

        foreach (var value in values[whole..])
            sum += value;
        return sum;
    }
}
