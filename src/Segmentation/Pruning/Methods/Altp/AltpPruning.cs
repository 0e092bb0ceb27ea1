using Pipeline.Contracts.Models;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Pruning.Methods.Altp;

/// <summary>ALTP: superpixels guarantee every region of the image some visual tokens, and regions dense with information keep more.</summary>
/// <remarks>
/// arXiv 2503.23959, a re-implementation: the paper's two steps and what they are for are known, its settings and code are not.
/// <list type="number">
/// <item>SLIC superpixels of the image that the language branch sees; a token belongs to the region most of its pixels belong to.</item>
/// <item>Detail Density Capture: every region is guaranteed its floor, taken evenly over the region.</item>
/// <item>Dynamic Density Formation: the rest of the budget in proportion to each region's size times information density, exact to the token.</item>
/// </list>
/// One decision, before the model or after K layers. Ours are the sources of density, the rule when there are more floors than budget, and every default.
/// </remarks>
public sealed class AltpPruning(AltpOptions options) : IPruningMethod
{
    public IReadOnlyList<PruningStep> Plan(ModelShape model)
    {
        options.Check(model);
        var budget = options.KeptFrom(options.Layer, model);
        if (budget == model.VisualTokens) return [];
        var need = options.LooksAtAttention ? new AttentionNeed(AttentionSource.PreviousLayer, options.QueryRow) : null;
        return [new PruningStep(options.Layer, budget, need, context => Select(context, model, budget)) { Positions = options.Positions }];
    }

    private VisualSelection Select(PruningContext context, ModelShape model, int budget)
    {
        var regions = context.Image.Regions(options.Superpixels(budget), model.GridHeight, model.GridWidth);
        var kept = options.Mode switch
        {
            AltpMode.Ddc => [new RegionalSelection(regions, options.Floor, RegionChoice.Uniform).KeepByArea(budget)],
            AltpMode.Ddf => KeepByDensity(context, regions, floor: 0, budget),
            _ => KeepByDensity(context, regions, options.Floor, budget),
        };
        var batch = context.Tokens.shape[0];
        return new VisualSelection(tensor(kept.SelectMany(row => row).ToArray(), [kept.Length, budget], device: context.Hidden.device).expand(batch, budget));
    }

    /// <returns>One row per sequence, or one for all where the density does not depend on the text.</returns>
    private long[][] KeepByDensity(PruningContext context, IReadOnlyList<IReadOnlyList<int>> regions, int floor, int budget)
    {
        var selection = new RegionalSelection(regions, floor, options.Choice);
        var scores = TokenScores.Of(options.Density, context, regions).cpu();
        var flat = scores.data<float>().ToArray();
        return [.. flat.Chunk((int)scores.shape[1]).Select(row => selection.Keep(row, budget))];
    }
}
