using System.Text.Json;
using Pipeline.Evaluation;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Verification;

/// <summary>gIoU and cIoU of both classes as LISA validates; upstream adds in float32, so within 1e-6.</summary>
internal static class MetricCases
{
    private const string ExpectedFile = "metric_expected.json";
    private const double Tolerance = 1e-6;

    private static readonly string[] Metrics = ["giou", "ciou", "giou_bg", "ciou_bg"];

    /// <param name="Overlaps">One per mask.</param>
    /// <param name="MissesObject">Some mask of the truth has no object.</param>
    private sealed record Sample(IReadOnlyList<ClassOverlap> Overlaps, bool MissesObject);

    public static void Verify(GoldenFolder golden) => golden.Guard([ExpectedFile], () =>
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(golden.File(ExpectedFile)));
        var samples = golden.Series("metric.pred.*").Select(entry => Measure(golden, entry.Numbers[0])).ToList();
        foreach (var entry in document.RootElement.EnumerateObject())
        {
            if (entry.Value.ValueKind == JsonValueKind.Array)
            {
                foreach (var (i, expected) in entry.Value.EnumerateArray().Index())
                    Row($"{entry.Name}[{i}]", expected, () => [samples[i]]);
            }
            else if (entry.Value.ValueKind == JsonValueKind.Object)
            {
                Row(entry.Name, entry.Value, () => Chosen(entry.Name, samples));
            }
        }

        void Row(string name, JsonElement expected, Func<IEnumerable<Sample>> chosen) => golden.Near(
            $"{ExpectedFile} {name}", [.. Metrics.Select(metric => expected.GetProperty(metric).GetDouble())], Tolerance, () => Numbers([.. chosen().SelectMany(sample => sample.Overlaps)]));
    });

    private static IEnumerable<Sample> Chosen(string name, IReadOnlyList<Sample> samples) => name switch
    {
        "all" => samples,
        "first_only" => samples.Take(1),
        "no_object" => samples.Where(sample => sample.MissesObject),
        _ => throw new InvalidDataException($"'{name}' is no known choice of samples; expected all, first_only or no_object"),
    };

    private static double[] Numbers(IReadOnlyList<ClassOverlap> overlaps)
    {
        MaskOverlap[] targets = [.. overlaps.Select(overlap => overlap.Target)], backgrounds = [.. overlaps.Select(overlap => overlap.Background)];
        return [Giou(targets), Ciou(targets), Giou(backgrounds), Ciou(backgrounds)];
    }

    private static double Giou(MaskOverlap[] masks) => masks.Average(mask => mask.GiouTerm);

    private static double Ciou(MaskOverlap[] masks) => MaskOverlap.Ciou(masks.Sum(mask => mask.Intersection), masks.Sum(mask => mask.Union));

    private static Sample Measure(GoldenFolder golden, int index)
    {
        var prediction = golden.Expected().Weights.Get($"metric.pred.{index}");
        var (predictions, truths) = (Masks(prediction), Masks(golden.Expected().Weights.Get($"metric.gt.{index}", prediction.shape)));
        return new Sample([.. predictions.Zip(truths, (predicted, truth) => ClassOverlap.Measure(predicted, truth))], truths.Any(truth => !truth.Contains((byte)1)));
    }

    /// <param name="masks">(N, H, W).</param>
    private static byte[][] Masks(Tensor masks) =>
        [.. Enumerable.Range(0, checked((int)masks.shape[0])).Select(i => masks[i].to(ScalarType.Byte).contiguous().bytes.ToArray())];
}
