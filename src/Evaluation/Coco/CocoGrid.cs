namespace Pipeline.Evaluation.Coco;

/// <summary>The settings that COCOeval evaluates at: pycocotools' <c>Params.setDetParams</c>, to the last bit.</summary>
public static class CocoGrid
{
    /// <summary>T: IoU from which a detection counts as found, 0.50, 0.55, ... 0.95.</summary>
    public static IReadOnlyList<double> IouThresholds { get; } = Linspace(0.5, 0.95, 10);

    /// <summary>R: recalls at which precision is read, 0.00, 0.01, ... 1.00.</summary>
    public static IReadOnlyList<double> RecallThresholds { get; } = Linspace(0, 1, 101);

    /// <summary>A: names of the area ranges.</summary>
    public static IReadOnlyList<string> AreaNames { get; } = ["all", "small", "medium", "large"];

    /// <summary>A: least and greatest area in square pixels, both included.</summary>
    public static IReadOnlyList<(double Least, double Greatest)> Areas { get; } = [(0, 1e10), (0, 32 * 32), (32 * 32, 96 * 96), (96 * 96, 1e10)];

    /// <summary>M: detections of an image and category that are looked at, the surest first.</summary>
    public static IReadOnlyList<int> MostDetections { get; } = [1, 10, 100];

    /// <summary>numpy.linspace, whose steps are not the decimal numbers they look like.</summary>
    private static double[] Linspace(double start, double stop, int count)
    {
        var step = (stop - start) / (count - 1);
        var values = Enumerable.Range(0, count).Select(i => i * step + start).ToArray();
        values[^1] = stop;
        return values;
    }
}
