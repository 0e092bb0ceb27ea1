using Pipeline.Contracts.Models;

namespace Pipeline.Segmentation.Pruning.Methods.LvlmCsp;

/// <summary>The three ranges of layers and the visual tokens in each.</summary>
/// <param name="Clusters">N_c, in layers 0 to L1 - 1.</param>
/// <param name="ScatterLayer">L1; all visual tokens go through layers L1 to L2 - 1.</param>
/// <param name="PruneLayer">L2.</param>
/// <param name="Kept">N_p, from layer L2 on.</param>
/// <remarks>
/// Where settings leave it open: clusters are four times the tokens that are kept, and a sixteenth is kept (64 and 16 of 256). Clustering takes 7/16 of
/// the layers and scattering 3/16 (14 and 6 of 32), which is 32 % of the FLOPs; a budget in <c>average</c> or <c>flops</c> spends three fifths of itself on
/// scattering, and the rest in the same ratio of four to one.
/// </remarks>
public sealed record LvlmCspSchedule(int Clusters, int ScatterLayer, int PruneLayer, int Kept)
{
    private const int ClustersPerKept = 4;
    private const double ClusteringDepth = 7.0 / 16, ScatteringDepth = 3.0 / 16, KeptShare = 1.0 / 16;
    private const double ScatteringBudget = 0.6;

    /// <summary>The schedule that the settings ask for, or leave to us.</summary>
    /// <exception cref="PruningSettingException">No schedule does what they ask.</exception>
    public static LvlmCspSchedule Of(LvlmCspOptions options, ModelShape model)
    {
        Check(options, model);
        var (scatterLayer, pruneLayer) = Layers(options, model);
        switch (options.Budget)
        {
            case { Unit: BudgetUnit.Average or BudgetUnit.Flops } whole:
                var met = whole.Meet(model, share => Keeping(Budget.Tokens(share, model.VisualTokens), ClustersPerKept * share).Tokens(model)).VisualTokens;
                return new LvlmCspSchedule(met[0], scatterLayer, pruneLayer, met[^1]);
            case var last:
                var kept = last is null ? Budget.Tokens(KeptShare, model.VisualTokens) : options.KeptFrom(pruneLayer, model);
                return Keeping(kept, (double)ClustersPerKept * kept / model.VisualTokens);
        }

        LvlmCspSchedule Keeping(int kept, double clustersShare) =>
            new(options.Clusters ?? Budget.Tokens(Math.Min(1, clustersShare), model.VisualTokens), scatterLayer, pruneLayer, kept);
    }

    /// <summary>Visual tokens in each layer.</summary>
    public Schedule Tokens(ModelShape model) => Schedule.Of(model, (0, Clusters), (ScatterLayer, model.VisualTokens), (PruneLayer, Kept));

    private static (int ScatterLayer, int PruneLayer) Layers(LvlmCspOptions options, ModelShape model)
    {
        var length = ScatteringLayers(options, model);
        var scatterLayer = options.ScatterLayer
            ?? (options.PruneLayer is { } end ? Math.Max(1, end - length) : Math.Clamp(Rounded(ClusteringDepth * model.Layers), 1, model.Layers - 1 - length));
        return (scatterLayer, options.PruneLayer ?? Math.Min(scatterLayer + length, model.Layers - 1));
    }

    /// <summary>L2 - L1: as many as the budget affords when every other layer takes at least one token.</summary>
    private static int ScatteringLayers(LvlmCspOptions options, ModelShape model)
    {
        var (layers, tokens) = (model.Layers, model.VisualTokens);
        if ((options.Average / tokens ?? options.Flops) is not { } share) return Math.Clamp(Rounded(ScatteringDepth * layers), 1, layers - 2);
        var affordable = (int)((share * layers * tokens) - layers) / Math.Max(1, tokens - 1);
        return Math.Clamp(Math.Min(Rounded(ScatteringBudget * share * layers), affordable), 1, layers - 2);
    }

    private static int Rounded(double layers) => (int)Math.Round(layers, MidpointRounding.AwayFromZero);

    private static void Check(LvlmCspOptions options, ModelShape model)
    {
        if (model.Layers < 3)
            throw new ArgumentException($"three stages need at least 3 layers; this model has {model.Layers}");
        if (options.Clusters > model.VisualTokens)
            throw new PruningSettingException("clusters", $"{options.Clusters} are more than this model's {model.VisualTokens} visual tokens; use 1 to {model.VisualTokens}");
        if (options.Regions > model.VisualTokens)
            throw new PruningSettingException("regions", $"{options.Regions} are more than this model's {model.VisualTokens} visual tokens; use 1 to {model.VisualTokens}");
        if (options.ScatterLayer > model.Layers - 2)
            throw new PruningSettingException("scatter_layer", $"{options.ScatterLayer} leaves no layers to scatter to and to prune in; use 1 to {model.Layers - 2}");
        if (options.PruneLayer is { } pruneLayer)
            PruningSettingException.ThrowIfNoLayer("prune_layer", pruneLayer, 2, model);
        if (options.PruneLayer <= options.ScatterLayer)
            throw new PruningSettingException("prune_layer", $"{options.PruneLayer} does not come after scatter_layer {options.ScatterLayer}; use {options.ScatterLayer + 1} to {model.Layers - 1}");
    }
}
