namespace Pipeline.Evaluation.Coco;

/// <summary>COCOeval's results. -1 stands where there is no truth to find.</summary>
/// <param name="Categories">K.</param>
/// <param name="Precision">(T, R, K, A, M) row-major: precision at IoU threshold, recall, category, area range and most detections, as in <see cref="CocoGrid"/>.</param>
/// <param name="Recall">(T, K, A, M) row-major.</param>
public sealed record CocoAccuracy(int Categories, IReadOnlyList<double> Precision, IReadOnlyList<double> Recall)
{
    /// <summary>The 12 numbers, in the order in which pycocotools prints them.</summary>
    public IReadOnlyList<CocoStatistic> Statistics => [.. CocoStatistic.All(this)];
}
