namespace Pipeline.Evaluation.Coco;

/// <summary>Matches the detections of one image and category with its truths.</summary>
/// <remarks>pycocotools/cocoeval.py, computeIoU and evaluateImg.</remarks>
internal static class ImageMatcher
{
    /// <summary>An IoU of 1 counts as found at every threshold.</summary>
    private const double AlmostOne = 1 - 1e-10;

    /// <returns>One per area range of <see cref="CocoGrid"/>.</returns>
    public static ImageMatches[] Match(IReadOnlyList<CocoTruth> truths, IReadOnlyList<CocoDetection> detections, CocoIouType type)
    {
        // Stable, so that equal scores keep their order.
        CocoDetection[] sorted = [.. detections.OrderByDescending(detection => detection.Score).Take(CocoGrid.MostDetections[^1])];
        var ious = Ious(truths, sorted, type);
        return [.. CocoGrid.Areas.Select(range => Match(truths, sorted, ious, range))];
    }

    private static double[,] Ious(IReadOnlyList<CocoTruth> truths, CocoDetection[] detections, CocoIouType type)
    {
        bool[] crowd = [.. truths.Select(truth => truth.IsCrowd)];
        return type == CocoIouType.Bbox
            ? CocoBox.IouMatrix([.. detections.Select(detection => detection.Region.Box)], [.. truths.Select(truth => truth.Region.Box)], crowd)
            : Rle.IouMatrix([.. detections.Select(detection => Mask(detection.Region))], [.. truths.Select(truth => Mask(truth.Region))], crowd);
    }

    private static Rle Mask(CocoRegion region) => region.Mask ?? throw new ArgumentException("Masks are to be compared, and a region has none.");

    private static ImageMatches Match(IReadOnlyList<CocoTruth> truths, CocoDetection[] detections, double[,] ious, (double Least, double Greatest) range)
    {
        bool Outside(CocoRegion region) => region.Area < range.Least || region.Area > range.Greatest;
        bool[] ignored = [.. truths.Select(truth => truth.IsCrowd || Outside(truth.Region))];
        int[] order = [.. Enumerable.Range(0, truths.Count).OrderBy(g => ignored[g])];
        var (found, passed) = (new bool[CocoGrid.IouThresholds.Count * detections.Length], new bool[CocoGrid.IouThresholds.Count * detections.Length]);
        for (var t = 0; t < CocoGrid.IouThresholds.Count; t++)
        {
            var taken = new bool[truths.Count];
            for (var d = 0; d < detections.Length; d++)
            {
                var at = t * detections.Length + d;
                if (Best(truths, order, ignored, taken, ious, d, CocoGrid.IouThresholds[t]) is { } match)
                {
                    taken[match] = true;
                    (found[at], passed[at]) = (truths[match].Id != 0, ignored[match]);
                }

                passed[at] |= !found[at] && Outside(detections[d].Region);
            }
        }

        return new ImageMatches([.. detections.Select(detection => detection.Score)], found, passed, ignored.Count(false));
    }

    /// <returns>The truth of the greatest IoU that is still free, one that counts before one that does not; of equals the last.</returns>
    private static int? Best(IReadOnlyList<CocoTruth> truths, int[] order, bool[] ignored, bool[] taken, double[,] ious, int detection, double threshold)
    {
        var iou = Math.Min(threshold, AlmostOne);
        int? best = null;
        foreach (var g in order)
        {
            if (taken[g] && !truths[g].IsCrowd)
                continue;
            if (best is { } match && !ignored[match] && ignored[g])
                break;
            if (ious[detection, g] < iou)
                continue;
            (iou, best) = (ious[detection, g], g);
        }

        return best;
    }
}
