using Pipeline.Contracts.Models;
using Pipeline.Segmentation.Pruning.Methods.Altp;

namespace Pipeline.Segmentation.Pruning.Methods.LvlmCsp;

/// <summary>S: the tokens that represent their clusters in the first layers. They follow from the image, never from the text.</summary>
internal static class Representatives
{
    /// <param name="options">Which selector.</param>
    /// <param name="count">N_c.</param>
    /// <param name="model">Its grid of visual tokens.</param>
    /// <param name="image">What some selectors look at.</param>
    /// <returns>Exactly N_c tokens, ascending.</returns>
    public static long[] Choose(LvlmCspOptions options, int count, ModelShape model, ImageEvidence image) => options.Selector switch
    {
        ClusterSelector.Uniform => Uniform(count, model.VisualTokens),
        ClusterSelector.Lattice => Lattice(count, model.GridHeight, model.GridWidth),
        ClusterSelector.Cls => Highest(image.ClassAttention().cpu().data<float>().ToArray(), count),
        ClusterSelector.Random => RandomPruning.Draw(new SplitMix64((ulong)options.Seed, image.Key), model.VisualTokens, count),
        ClusterSelector.Superpixel => OfSuperpixels(image.Regions(options.Superpixels(count), model.GridHeight, model.GridWidth), count),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Selector, null),
    };

    /// <summary>S[i] = i floor(N / N_c).</summary>
    public static long[] Uniform(int count, int visualTokens) => [.. Enumerable.Range(0, count).Select(i => (long)i * (visualTokens / count))];

    /// <summary>Rows at equal distances, about as far apart as the tokens in them; a count that fills no such lattice gives some rows one token more.</summary>
    public static long[] Lattice(int count, int height, int width)
    {
        var rows = Math.Clamp((int)Math.Round(Math.Sqrt((double)count * height / width)), (count + width - 1) / width, Math.Min(height, count));
        return [.. Enumerable.Range(0, rows).SelectMany(row =>
        {
            var inRow = ((row + 1) * count / rows) - (row * count / rows);
            return Enumerable.Range(0, inRow).Select(i => ((long)Middle(row, rows, height) * width) + Middle(i, inRow, width));
        })];
    }

    /// <summary>TopK; the first of equals.</summary>
    public static long[] Highest(IReadOnlyList<float> attention, int count) =>
        [.. Enumerable.Range(0, attention.Count).OrderByDescending(token => attention[token]).Take(count).Order().Select(token => (long)token)];

    /// <summary>Every superpixel one, the others as areas are worth, evenly spaced in each.</summary>
    public static long[] OfSuperpixels(IReadOnlyList<IReadOnlyList<int>> regions, int count) =>
        new RegionalSelection(regions, floor: 1, RegionChoice.Uniform).KeepByArea(count);

    private static int Middle(int part, int parts, int whole) => ((2 * part) + 1) * whole / (2 * parts);
}
