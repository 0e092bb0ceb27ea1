namespace Pipeline.Evaluation.Statistics;

/// <summary>Counts, sums and histograms of one variant's predictions. All integers, so merged tallies are the same bit for bit in any order.</summary>
public sealed class SegmentationTally
{
    /// <summary>Bins of <see cref="IouHistogram"/>, each 0.01 wide; an IoU of 1 counts in the last.</summary>
    public const int IouBins = 100;

    private const int MostLayers = 4096;

    private readonly long[] iouHistogram = new long[IouBins];
    private long[] visualTokens = [];
    private Int128 flops;

    /// <summary>All predictions, failed ones included.</summary>
    public long Predictions { get; private set; }

    public long Failures { get; private set; }

    /// <summary>Predictions that were compared with a ground truth.</summary>
    public long Measured => Overlaps.Measured;

    public long Intersection => Overlaps.Intersection;

    public long Union => Overlaps.Union;

    /// <summary>Mean of <see cref="MaskOverlap.GiouTerm"/> over the measured predictions; null when there are none.</summary>
    public double? Giou => Overlaps.Giou;

    /// <summary><see cref="MaskOverlap.Ciou"/> of the measured predictions; null when there are none.</summary>
    public double? Ciou => Overlaps.Ciou;

    /// <summary>Measured predictions by IoU.</summary>
    public IReadOnlyList<long> IouHistogram => iouHistogram;

    /// <summary>Mean real visual tokens in each decoder layer, over predictions that succeeded.</summary>
    public IReadOnlyList<double> MeanVisualTokens => [.. visualTokens.Select(sum => (double)sum / (Predictions - Failures))];

    /// <summary>Mean TFLOPs of a prediction that succeeded; null when there are none.</summary>
    public double? MeanTflops => Predictions == Failures ? null : FixedPoint.ToTflops(flops) / (Predictions - Failures);

    /// <summary>Language-model time per prediction that succeeded.</summary>
    public LogHistogram LlmTime { get; private init; } = new();

    /// <summary>Whole time per prediction that succeeded.</summary>
    public LogHistogram TotalTime { get; private init; } = new();

    private OverlapSums Overlaps { get; init; } = new();

    public void Add(Measurement measurement)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        Predictions++;
        if (measurement.Failed)
        {
            Failures++;
            return;
        }

        AddTokens(measurement.VisualTokens);
        flops += FixedPoint.FromTflops(measurement.Tflops);
        LlmTime.Add(measurement.LlmMilliseconds);
        TotalTime.Add(measurement.TotalMilliseconds);
        if (measurement.Overlap is not { } overlap)
            return;
        Overlaps.Add(overlap);
        iouHistogram[overlap.Union == 0 ? IouBins - 1 : (int)Math.Min(IouBins - 1, overlap.Intersection * IouBins / overlap.Union)]++;
    }

    public void Merge(SegmentationTally other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Predictions += other.Predictions;
        Failures += other.Failures;
        Overlaps.Merge(other.Overlaps);
        for (var bin = 0; bin < IouBins; bin++)
            iouHistogram[bin] += other.iouHistogram[bin];
        GrowTo(other.visualTokens.Length);
        for (var layer = 0; layer < other.visualTokens.Length; layer++)
            visualTokens[layer] += other.visualTokens[layer];
        flops += other.flops;
        LlmTime.Merge(other.LlmTime);
        TotalTime.Merge(other.TotalTime);
    }

    internal void Write(PartialWriter writer)
    {
        writer.Unsigned(Predictions);
        writer.Unsigned(Failures);
        Overlaps.Write(writer);
        foreach (var count in iouHistogram)
            writer.Unsigned(count);
        writer.Unsigned(visualTokens.Length);
        foreach (var sum in visualTokens)
            writer.Unsigned(sum);
        writer.Wide(flops);
        LlmTime.Write(writer);
        TotalTime.Write(writer);
    }

    internal static SegmentationTally Read(PartialReader reader)
    {
        long predictions = reader.Unsigned(), failures = reader.Unsigned();
        var overlaps = OverlapSums.Read(reader);
        var iouHistogram = reader.Unsigned(IouBins);
        var visualTokens = reader.Unsigned(reader.Count(MostLayers));
        var flops = reader.Wide();
        var tally = new SegmentationTally
        {
            Predictions = predictions,
            Failures = failures,
            Overlaps = overlaps,
            visualTokens = visualTokens,
            flops = flops,
            LlmTime = LogHistogram.Read(reader),
            TotalTime = LogHistogram.Read(reader),
        };
        iouHistogram.CopyTo(tally.iouHistogram, 0);
        return tally;
    }

    private void AddTokens(IReadOnlyList<int> tokens)
    {
        GrowTo(tokens.Count);
        var counts = tokens as int[] ?? [.. tokens];
        for (var layer = 0; layer < counts.Length; layer++)
            visualTokens[layer] += counts[layer];
    }

    private void GrowTo(int layers)
    {
        if (layers > MostLayers)
            throw new ArgumentException($"{layers} decoder layers; at most {MostLayers} are counted.", nameof(layers));
        if (layers > visualTokens.Length)
            Array.Resize(ref visualTokens, layers);
    }
}
