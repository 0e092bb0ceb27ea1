namespace Pipeline.Segmentation.Images;

/// <summary>For each output sample along one axis: the input samples it is made of and their weights in fixed point.</summary>
/// <remarks>Pillow 9.4, libImaging/Resample.c: weights are computed in double precision, normalised, then rounded half away from zero to <see cref="Bits"/> bits.</remarks>
internal sealed class ResampleWeights
{
    /// <summary>Fractional bits: 32, less 8 for the sample and 2 for the overshoot of a cubic.</summary>
    public const int Bits = 32 - 8 - 2;

    private readonly int[] first;
    private readonly int[] count;
    private readonly int[] weights;
    private readonly int stride;

    /// <param name="inputSize">Samples along the axis.</param>
    /// <param name="outputSize">Samples that the whole axis is resized to.</param>
    /// <param name="start">First output sample that is wanted; index 0 from here on.</param>
    /// <param name="wanted">How many output samples are wanted.</param>
    public ResampleWeights(int inputSize, int outputSize, PilFilter filter, int start, int wanted)
    {
        var scale = (double)inputSize / outputSize;
        var widening = Math.Max(scale, 1.0);
        var support = (filter == PilFilter.Bilinear ? 1.0 : 2.0) * widening;
        var inverse = 1.0 / widening;
        stride = ((int)Math.Ceiling(support) * 2) + 1;
        first = new int[wanted];
        count = new int[wanted];
        weights = new int[wanted * stride];
        var exact = new double[stride];
        for (var i = 0; i < wanted; i++)
        {
            var center = (start + i + 0.5) * scale;
            var from = Math.Max((int)(center - support + 0.5), 0);
            var to = Math.Min((int)(center + support + 0.5), inputSize);
            var sum = 0.0;
            for (var x = from; x < to; x++)
            {
                exact[x - from] = filter == PilFilter.Bilinear ? Triangle((x - center + 0.5) * inverse) : Cubic((x - center + 0.5) * inverse);
                sum += exact[x - from];
            }
            (first[i], count[i]) = (from, to - from);
            for (var x = 0; x < to - from; x++)
            {
                var weight = (sum != 0.0 ? exact[x] / sum : exact[x]) * (1 << Bits);
                weights[(i * stride) + x] = (int)(weight < 0 ? weight - 0.5 : weight + 0.5);
            }
        }
    }

    /// <summary>The input samples that any output sample needs.</summary>
    public (int From, int To) Needed => (first[0], first[^1] + count[^1]);

    /// <summary>First input sample of output sample <paramref name="i"/>.</summary>
    public int First(int i) => first[i];

    /// <summary>Weights of output sample <paramref name="i"/>, from its first input sample on.</summary>
    public ReadOnlySpan<int> Of(int i) => weights.AsSpan(i * stride, count[i]);

    private static double Triangle(double x)
    {
        x = Math.Abs(x);
        return x < 1.0 ? 1.0 - x : 0.0;
    }

    private static double Cubic(double x)
    {
        const double a = -0.5;
        x = Math.Abs(x);
        if (x < 1.0)
            return ((((a + 2.0) * x) - (a + 3.0)) * x * x) + 1;
        return x < 2.0 ? ((((x - 5) * x) + 8) * x - 4) * a : 0.0;
    }
}
