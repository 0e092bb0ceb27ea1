using Pipeline.Contracts.Models;

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
        return budget == model.VisualTokens
            ? []
            : [new PruningStep(options.Layer, budget, need, AttentionRanking.Best(budget)) { Positions = options.Positions }];
    }
}
