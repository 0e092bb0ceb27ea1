using Pipeline.Contracts.Models;
using Pipeline.Segmentation.Superpixels;

namespace Pipeline.Segmentation.Pruning.Methods.Altp;

/// <summary>Parameters of <see cref="AltpPruning"/>. The paper's values are not known; all defaults are our reading.</summary>
public sealed record AltpOptions : TokenBudgetOptions
{
    [Parameter(ParameterKind.TokenCount, "Superpixels asked for; half as many as tokens are kept if not given", Minimum = 1)]
    public int? Regions { get; init; }

    [Parameter(ParameterKind.Number, "Compactness of the superpixels: greater means squarer", Minimum = 1e-3, Maximum = 1e5)]
    public double Compactness { get; init; } = 10;

    [Parameter(ParameterKind.Choice, "How superpixels are computed: as scikit-image does, or fast")]
    public SlicMode Slic { get; init; } = SlicMode.Fast;

    [Parameter(ParameterKind.Choice, "Both parts of the method, or Detail Density Capture (ddc) or Dynamic Density Formation (ddf) alone")]
    public AltpMode Mode { get; init; } = AltpMode.Both;

    [Parameter(ParameterKind.Integer, "Tokens that Detail Density Capture guarantees every region, as far as it has them", Minimum = 1)]
    public int Floor { get; init; } = 1;

    [Parameter(ParameterKind.Choice, "What makes a region rich: attention of layer K-1, of the vision tower's class token, or distance from the region's mean token")]
    public InformationDensity Density { get; init; } = InformationDensity.Attention;

    [Parameter(ParameterKind.Choice, "Which tokens of a region stay beyond its floor: the highest scores, or all evenly spaced")]
    public RegionChoice Choice { get; init; } = RegionChoice.Score;

    [Parameter(ParameterKind.Layer, "K: first layer that runs on the kept tokens; 0 prunes before the model", Minimum = 0)]
    public int Layer { get; init; } = 2;

    [Parameter(ParameterKind.Choice, "Whose attention is the density 'attention': the last token of the instruction's, that of the one that predicts [SEG], or the last of all")]
    public QueryRow QueryRow { get; init; } = QueryRow.LastInstruction;

    [Parameter(ParameterKind.Choice, "Position ids after pruning: kept, or renumbered without gaps")]
    public PositionMode Positions { get; init; } = PositionMode.Original;

    internal bool LooksAtAttention => Mode != AltpMode.Ddc && Density == InformationDensity.Attention;

    /// <param name="budget">Tokens that are kept.</param>
    internal SlicOptions Superpixels(int budget) => new() { Segments = Regions ?? Math.Max(1, budget / 2), Compactness = Compactness, Mode = Slic, StartLabel = 0 };

    /// <exception cref="PruningSettingException">Settings do not go together, or not with the model.</exception>
    internal void Check(ModelShape model)
    {
        if (Regions > model.VisualTokens)
            throw new PruningSettingException("regions", $"{Regions} are more than this model's {model.VisualTokens} visual tokens; use 1 to {model.VisualTokens}");
        if (Layer == 0 && LooksAtAttention)
            throw new PruningSettingException("density", "'attention' is that of the layer before, and before layer 0 there is none; use layer 1 or more, or density cls or variance");
    }
}
