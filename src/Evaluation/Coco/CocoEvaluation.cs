namespace Pipeline.Evaluation.Coco;

/// <summary>Average precision and recall of detections, as pycocotools' COCOeval has them, bit for bit.</summary>
/// <remarks>cocodataset/cocoapi, pycocotools/cocoeval.py: evaluate, accumulate, summarize.</remarks>
public static class CocoEvaluation
{
    private const double Epsilon = 2.220446049250313e-16;

    /// <param name="truths">In the order of their file, which decides between equals.</param>
    /// <param name="detections">In the order of their file.</param>
    /// <exception cref="ArgumentException">Masks are compared and a region has none, or masks of one image differ in size.</exception>
    /// <exception cref="InvalidDataException">A mask is damaged.</exception>
    public static CocoAccuracy Run(IEnumerable<CocoTruth> truths, IEnumerable<CocoDetection> detections, CocoQuestion question)
    {
        ArgumentNullException.ThrowIfNull(question);
        long[] images = [.. question.Images.Distinct().Order()], categories = [.. question.Categories.Distinct().Order()];
        var groups = question.UseCategories ? [.. categories.Select(category => new[] { category })] : (long[][])[categories];
        var truthsOf = truths.ToLookup(truth => (truth.Image, truth.Category));
        var detectionsOf = detections.ToLookup(detection => (detection.Image, detection.Category));
        var precision = Filled(CocoGrid.IouThresholds.Count * CocoGrid.RecallThresholds.Count * groups.Length);
        var recall = Filled(CocoGrid.IouThresholds.Count * groups.Length);
        for (var k = 0; k < groups.Length; k++)
        {
            var matches = images.AsParallel().AsOrdered()
                .Select(image => (
                    Truths: groups[k].SelectMany(category => truthsOf[(image, category)]).ToArray(),
                    Detections: groups[k].SelectMany(category => detectionsOf[(image, category)]).ToArray()))
                .Where(found => found.Truths.Length > 0 || found.Detections.Length > 0)
                .Select(found => ImageMatcher.Match(found.Truths, found.Detections, question.Type))
                .ToArray();
            for (var a = 0; a < CocoGrid.Areas.Count; a++)
            {
                for (var m = 0; m < CocoGrid.MostDetections.Count; m++)
                    Accumulate([.. matches.Select(match => match[a])], new Slot(precision, recall, groups.Length, k, a, m));
            }
        }

        return new CocoAccuracy(groups.Length, precision, recall);
    }

    private static double[] Filled(int rows)
    {
        var values = new double[rows * CocoGrid.Areas.Count * CocoGrid.MostDetections.Count];
        Array.Fill(values, -1);
        return values;
    }

    private static void Accumulate(ImageMatches[] images, Slot slot)
    {
        var wanted = images.Sum(image => image.Wanted);
        if (wanted == 0)
            return;
        var most = CocoGrid.MostDetections[slot.Most];
        (ImageMatches Image, int Detection)[] sorted =
        [
            .. images.SelectMany(image => Enumerable.Range(0, Math.Min(most, image.Scores.Length)).Select(d => (Image: image, Detection: d)))
                .OrderByDescending(entry => entry.Image.Scores[entry.Detection]),
        ];
        var recalls = new double[sorted.Length];
        var precisions = new double[sorted.Length];
        for (var t = 0; t < CocoGrid.IouThresholds.Count; t++)
        {
            double right = 0, wrong = 0;
            for (var i = 0; i < sorted.Length; i++)
            {
                var (image, detection) = sorted[i];
                var at = t * image.Scores.Length + detection;
                if (!image.Ignored[at])
                    (right, wrong) = image.Found[at] ? (right + 1, wrong) : (right, wrong + 1);
                recalls[i] = right / wanted;
                precisions[i] = right / (wrong + right + Epsilon);
            }

            for (var i = sorted.Length - 1; i > 0; i--)
                precisions[i - 1] = Math.Max(precisions[i - 1], precisions[i]);
            slot.Write(t, recalls, precisions);
        }
    }

    /// <summary>Where in both tensors a category, area range and number of detections stands.</summary>
    private readonly record struct Slot(double[] Precision, double[] Recall, int Categories, int Category, int Area, int Most)
    {
        /// <param name="recalls">Not falling.</param>
        /// <param name="precisions">Not rising.</param>
        public void Write(int threshold, double[] recalls, double[] precisions)
        {
            Recall[Index(threshold)] = recalls.Length > 0 ? recalls[^1] : 0;
            var at = 0;
            for (var r = 0; r < CocoGrid.RecallThresholds.Count; r++)
            {
                while (at < recalls.Length && recalls[at] < CocoGrid.RecallThresholds[r])
                    at++;
                Precision[Index(threshold * CocoGrid.RecallThresholds.Count + r)] = at < recalls.Length ? precisions[at] : 0;
            }
        }

        private int Index(int row) => ((row * Categories + Category) * CocoGrid.Areas.Count + Area) * CocoGrid.MostDetections.Count + Most;
    }
}
