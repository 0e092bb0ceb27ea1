using System.Globalization;
using Pipeline.Contracts.Synthetic;
using Pipeline.Evaluation;
using Pipeline.Evaluation.Statistics;

namespace Pipeline.TrainDemo.Training;

/// <summary>How well masks fit, over all expressions and by kind.</summary>
internal sealed class HeldOutScore
{
    private readonly SortedDictionary<SceneExpressionKind, OverlapSums> kinds = [];
    private readonly OverlapSums all = new();

    /// <summary>Mean IoU of the expressions; NaN without any, as all scores here.</summary>
    public double GIoU => all.Giou ?? double.NaN;

    /// <summary>IoU of all pixels together.</summary>
    public double CIoU => all.Ciou ?? double.NaN;

    public long Count => all.Measured;

    /// <param name="expression">Has the truth.</param>
    /// <param name="mask">What was found, row-major, 0 or 1.</param>
    public void Add(SceneExpression expression, ReadOnlySpan<byte> mask)
    {
        var overlap = MaskOverlap.Measure(mask, expression.Mask.Decode());
        all.Add(overlap);
        Sums(expression.Kind).Add(overlap);
    }

    public static HeldOutScore Sum(IEnumerable<HeldOutScore> scores)
    {
        var sum = new HeldOutScore();
        foreach (var score in scores)
        {
            sum.all.Merge(score.all);
            foreach (var (kind, overlaps) in score.kinds)
                sum.Sums(kind).Merge(overlaps);
        }

        return sum;
    }

    /// <returns>gIoU, cIoU, then the gIoU of each kind.</returns>
    public string ToCsv() => string.Join(',', new[] { GIoU, CIoU }.Concat(Enum.GetValues<SceneExpressionKind>().Select(Of)).Select(value => value.ToString("F4", CultureInfo.InvariantCulture)));

    public override string ToString()
    {
        var byKind = Enum.GetValues<SceneExpressionKind>().Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.ToString().ToLowerInvariant()} {Of(kind):F3}"));
        return string.Create(CultureInfo.InvariantCulture, $"gIoU {GIoU:F3} cIoU {CIoU:F3} ({string.Join(' ', byKind)})");
    }

    private double Of(SceneExpressionKind kind) => kinds.GetValueOrDefault(kind)?.Giou ?? double.NaN;

    private OverlapSums Sums(SceneExpressionKind kind) => kinds.TryGetValue(kind, out var known) ? known : kinds[kind] = new OverlapSums();
}
