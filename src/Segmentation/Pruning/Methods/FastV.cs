using Pipeline.Contracts.Models;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Pruning.Methods;

/// <summary>FastV: after K layers, keep the visual tokens that the query row attends to most.</summary>
/// <remarks>
/// arXiv 2403.06764; pkunlp-icler/FastV. Score: head mean of layer K-1's attention, one query row; kept tokens keep their positions. Ours: the
/// query row is the last token of the instruction by default, since the last of all is part of the answer when that is teacher-forced.
/// </remarks>
public sealed class FastV(FastVOptions options) : IPruningMethod
{
    public IReadOnlyList<PruningStep> Plan(ModelShape model)
    {
        var budget = options.KeptFrom(options.Layer, model);
        var need = new AttentionNeed(AttentionSource.PreviousLayer, options.QueryRow);
        return budget == model.VisualTokens ? [] : [new PruningStep(options.Layer, budget, need, context => Select(context, budget)) { Positions = options.Positions }];
    }

    /// <returns>(B, k) float32, the head mean of the attention each visual token receives.</returns>
    public static Tensor Score(PruningContext context) => context.VisualAttention.mean([1]);

    private static VisualSelection Select(PruningContext context, int budget)
    {
        var (_, best) = Score(context).topk(budget);
        var (slots, _) = best.sort();
        return new VisualSelection(context.Tokens.gather(1, slots));
    }
}
