using Pipeline.Contracts.Models;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Pruning.Methods.LvlmCsp;

/// <summary>LVLM_CSP: few representatives for coarse reasoning, all tokens for fine reasoning, then the few that [SEG] looks at.</summary>
/// <remarks>
/// arXiv 2504.10854, a re-implementation: the paper's three stages and its selectors are known, its layers, counts and code are not.
/// <list type="number">
/// <item>Clustering: only N_c representatives go through layers 0 to L1 - 1, at their own positions.</item>
/// <item>Scattering: all N tokens are in layers L1 to L2 - 1; those that come back follow their representative (<c>delta</c>) or start afresh (<c>raw</c>).</item>
/// <item>Pruning: from layer L2 on the N_p tokens that the [SEG] row of layer L2 - 1 attends to most.</item>
/// </list>
/// Every stage's layers cache the keys of the tokens they saw. Ours: what comes back on scattering, positions, the head mean, and every default.
/// </remarks>
public sealed class LvlmCspPruning(LvlmCspOptions options) : IPruningMethod
{
    public IReadOnlyList<PruningStep> Plan(ModelShape model)
    {
        var schedule = LvlmCspSchedule.Of(options, model);
        var attention = new AttentionNeed(AttentionSource.PreviousLayer, options.QueryRow);
        var clustering = new PruningStep(0, schedule.Clusters, null, context => Cluster(context, model, schedule.Clusters));
        var scattering = new PruningStep(schedule.ScatterLayer, model.VisualTokens, null, context => Scatter.All(options, model, context));
        var pruning = new PruningStep(schedule.PruneLayer, schedule.Kept, attention, AttentionRanking.Best(schedule.Kept));
        var plan = new List<PruningStep>();
        if (schedule.Clusters < model.VisualTokens) plan.AddRange([clustering, scattering]);
        if (schedule.Kept < model.VisualTokens) plan.Add(pruning);
        return plan;
    }

    private VisualSelection Cluster(PruningContext context, ModelShape model, int count)
    {
        var representatives = Representatives.Choose(options, count, model, context.Image);
        return new VisualSelection(tensor(representatives, [1, count], device: context.Hidden.device).expand(context.Tokens.shape[0], count));
    }
}
