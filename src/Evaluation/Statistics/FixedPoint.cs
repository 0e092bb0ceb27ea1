namespace Pipeline.Evaluation.Statistics;

/// <summary>Reals as integers, so that sums do not depend on their order.</summary>
internal static class FixedPoint
{
    /// <summary>An IoU in steps of 2^-30: off by less than 5e-10, and a long holds the sum of eight billion.</summary>
    private const double IouScale = 1L << 30;

    private const double FlopsPerTflop = 1e12;

    public static long FromIou(double iou) => checked((long)Math.Round(iou * IouScale));

    public static double ToIou(long sum) => sum / IouScale;

    public static Int128 FromTflops(double tflops) => checked((Int128)Math.Round(tflops * FlopsPerTflop));

    public static double ToTflops(Int128 sum) => (double)sum / FlopsPerTflop;
}
