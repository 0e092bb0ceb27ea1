using System.Globalization;

namespace Pipeline.Evaluation.Coco;

/// <summary>One of COCOeval's 12 numbers.</summary>
/// <remarks>pycocotools/cocoeval.py, summarize.</remarks>
/// <param name="Name">Short name, such as <c>AP50</c> or <c>AR_small</c>.</param>
/// <param name="Line">The line that pycocotools prints.</param>
/// <param name="Value">Mean over all settings with something to find; -1 where there is none.</param>
public sealed record CocoStatistic(string Name, string Line, double Value)
{
    private static readonly Setting[] Settings =
    [
        new("AP", IsPrecision: true, Threshold: null, Area: 0, Most: 2),
        new("AP50", IsPrecision: true, Threshold: 0, Area: 0, Most: 2),
        new("AP75", IsPrecision: true, Threshold: 5, Area: 0, Most: 2),
        new("AP_small", IsPrecision: true, Threshold: null, Area: 1, Most: 2),
        new("AP_medium", IsPrecision: true, Threshold: null, Area: 2, Most: 2),
        new("AP_large", IsPrecision: true, Threshold: null, Area: 3, Most: 2),
        new("AR_1", IsPrecision: false, Threshold: null, Area: 0, Most: 0),
        new("AR_10", IsPrecision: false, Threshold: null, Area: 0, Most: 1),
        new("AR_100", IsPrecision: false, Threshold: null, Area: 0, Most: 2),
        new("AR_small", IsPrecision: false, Threshold: null, Area: 1, Most: 2),
        new("AR_medium", IsPrecision: false, Threshold: null, Area: 2, Most: 2),
        new("AR_large", IsPrecision: false, Threshold: null, Area: 3, Most: 2),
    ];

    internal static IEnumerable<CocoStatistic> All(CocoAccuracy accuracy) => Settings.Select(setting =>
    {
        var value = Mean([.. setting.Values(accuracy).Where(value => value > -1)]);
        return new CocoStatistic(setting.Name, setting.Line(value), value);
    });

    private static double Mean(double[] values) => values.Length == 0 ? -1 : PairwiseSum.Of(values) / values.Length;

    private sealed record Setting(string Name, bool IsPrecision, int? Threshold, int Area, int Most)
    {
        public IEnumerable<double> Values(CocoAccuracy accuracy)
        {
            var values = IsPrecision ? accuracy.Precision : accuracy.Recall;
            var (areas, mosts) = (CocoGrid.Areas.Count, CocoGrid.MostDetections.Count);
            var perThreshold = accuracy.Categories * (IsPrecision ? CocoGrid.RecallThresholds.Count : 1);
            var (first, count) = Threshold is { } threshold ? (threshold, 1) : (0, CocoGrid.IouThresholds.Count);
            return Enumerable.Range(first * perThreshold, count * perThreshold).Select(row => values[(row * areas + Area) * mosts + Most]);
        }

        public string Line(double value)
        {
            var title = IsPrecision ? "Average Precision  (AP)" : "Average Recall     (AR)";
            var iou = Threshold is { } threshold ? CocoGrid.IouThresholds[threshold].ToString("0.00", CultureInfo.InvariantCulture) : "0.50:0.95";
            return string.Create(CultureInfo.InvariantCulture, $" {title} @[ IoU={iou,-9} | area={CocoGrid.AreaNames[Area],6} | maxDets={CocoGrid.MostDetections[Most],3} ] = {value:0.000}");
        }
    }
}
