using System.Globalization;
using Pipeline.Contracts.Synthetic;
using Pipeline.TrainDemo.Data;

namespace Pipeline.TrainDemo.Training;

/// <summary>How well masks fit, over all expressions and by kind.</summary>
internal sealed class HeldOutScore
{
    private readonly Dictionary<SceneExpressionKind, (int Count, double Iou)> kinds = [];
    private long intersection;
    private long union;

    /// <summary>Mean IoU of the expressions.</summary>
    public double GIoU => kinds.Values.Sum(kind => kind.Iou) / Count;

    /// <summary>IoU of all pixels together.</summary>
    public double CIoU => union == 0 ? 0 : (double)intersection / union;

    public int Count => kinds.Values.Sum(kind => kind.Count);

    /// <param name="kind">NaN where there are none.</param>
    public double Of(SceneExpressionKind kind) => kinds.TryGetValue(kind, out var found) ? found.Iou / found.Count : double.NaN;

    /// <param name="kind">Of the expression.</param>
    /// <param name="scene">Has the truth.</param>
    /// <param name="target">Index of the object that is meant.</param>
    /// <param name="mask">What was found, row-major, 0 or 1.</param>
    public void Add(SceneExpressionKind kind, TrainingScene scene, int target, ReadOnlySpan<byte> mask)
    {
        var (shared, either) = (0L, 0L);
        for (var pixel = 0; pixel < mask.Length; pixel++)
        {
            var (found, wanted) = (mask[pixel] != 0, scene.Owners[pixel] == target + 1);
            shared += found && wanted ? 1 : 0;
            either += found || wanted ? 1 : 0;
        }

        var (count, iou) = kinds.GetValueOrDefault(kind);
        kinds[kind] = (count + 1, iou + (either == 0 ? 1 : (double)shared / either));
        intersection += shared;
        union += either;
    }

    public static HeldOutScore Sum(IEnumerable<HeldOutScore> scores)
    {
        var sum = new HeldOutScore();
        foreach (var score in scores)
        {
            foreach (var (kind, value) in score.kinds)
            {
                var (count, iou) = sum.kinds.GetValueOrDefault(kind);
                sum.kinds[kind] = (count + value.Count, iou + value.Iou);
            }

            sum.intersection += score.intersection;
            sum.union += score.union;
        }

        return sum;
    }

    public string ToCsv() => string.Join(',', Enum.GetValues<SceneExpressionKind>().Select(Of).Prepend(CIoU).Prepend(GIoU).Select(value => value.ToString("F4", CultureInfo.InvariantCulture)));

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"gIoU {GIoU:F3} cIoU {CIoU:F3} ({string.Join(' ', Enum.GetValues<SceneExpressionKind>().Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.ToString().ToLowerInvariant()} {Of(kind):F3}")))})");
}
