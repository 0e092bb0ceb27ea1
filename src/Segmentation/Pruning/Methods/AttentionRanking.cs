using static TorchSharp.torch;

namespace Pipeline.Segmentation.Pruning.Methods;

/// <summary>Ranks visual tokens by the attention that one query row gives them.</summary>
public static class AttentionRanking
{
    /// <returns>(B, k) float32, the mean over heads of the attention each visual token receives.</returns>
    public static Tensor Score(PruningContext context) => context.VisualAttention.mean([1]);

    /// <summary>Keeps those with the largest scores, in raster order.</summary>
    /// <param name="count">How many.</param>
    public static Func<PruningContext, VisualSelection> Best(int count) => context =>
    {
        var (_, best) = Score(context).topk(count);
        var (slots, _) = best.sort();
        return new VisualSelection(context.Tokens.gather(1, slots));
    };
}
