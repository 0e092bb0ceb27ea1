using System.Text.RegularExpressions;
using Pipeline.Segmentation.Checkpoints;

namespace Pipeline.Segmentation.Inspection;

/// <summary>Tensors that differ in nothing but the numbers in their names: <c>model.layers.N.mlp.up_proj.weight</c>.</summary>
/// <param name="Name">With N for every number, or the whole name of a tensor alone.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Shape">Of each.</param>
/// <param name="Dtype">Of each, as stored.</param>
/// <param name="Bytes">Of all, as stored.</param>
public sealed partial record TensorSeries(string Name, int Count, IReadOnlyList<long> Shape, string Dtype, long Bytes)
{
    /// <returns>Series in the order in which the first of each comes.</returns>
    internal static IReadOnlyList<TensorSeries> Of(IEnumerable<TensorEntry> tensors) =>
    [
        .. tensors.GroupBy(tensor => (Number().Replace(tensor.Name, "N"), string.Join(',', tensor.Shape), tensor.Dtype)).Select(series => new TensorSeries(
            series.Count() == 1 ? series.First().Name : series.Key.Item1,
            series.Count(),
            series.First().Shape,
            SafetensorsDtype.WordOf(series.Key.Dtype),
            series.Sum(ModuleWeights.BytesOf))),
    ];

    [GeneratedRegex(@"(?<=^|\.)[0-9]+(?=\.|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
