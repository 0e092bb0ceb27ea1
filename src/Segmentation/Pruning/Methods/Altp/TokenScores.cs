using static TorchSharp.torch;

namespace Pipeline.Segmentation.Pruning.Methods.Altp;

/// <summary>Scores that make regions rich or poor.</summary>
internal static class TokenScores
{
    /// <returns>(B, N) float32, not negative; (1, N) where every sequence has the same.</returns>
    public static Tensor Of(InformationDensity density, PruningContext context, IReadOnlyList<IReadOnlyList<int>> regions) => density switch
    {
        InformationDensity.Attention => AttentionRanking.Score(context),
        InformationDensity.Cls => context.Image.ClassAttention(),
        InformationDensity.Variance => DistanceFromMean(context.VisualEmbeddings, regions),
        _ => throw new ArgumentOutOfRangeException(nameof(density), density, null),
    };

    /// <param name="visual">(B, N, d).</param>
    /// <param name="regions">All N tokens.</param>
    /// <returns>(B, N) float32: |v - mean of its region|.</returns>
    public static Tensor DistanceFromMean(Tensor visual, IReadOnlyList<IReadOnlyList<int>> regions)
    {
        using var scope = NewDisposeScope();
        var tokens = (int)visual.shape[1];
        var (mean, regionOf) = (new float[regions.Count * tokens], new long[tokens]);
        for (var region = 0; region < regions.Count; region++)
        {
            foreach (var token in regions[region])
            {
                mean[(region * tokens) + token] = 1f / regions[region].Count;
                regionOf[token] = region;
            }
        }

        var v = visual.detach().to(ScalarType.Float32);
        var means = tensor(mean, [regions.Count, tokens], device: v.device).matmul(v);
        return (v - means.index_select(1, tensor(regionOf, device: v.device))).norm(dim: 2).MoveToOuterDisposeScope();
    }
}
