using Pipeline.Contracts.Models;
using Pipeline.Segmentation.Superpixels;

namespace Pipeline.Segmentation.Pruning.Methods.LvlmCsp;

/// <summary>Parameters of <see cref="LvlmCspPruning"/>. The paper's values are not known; all defaults are our reading.</summary>
/// <remarks>
/// <c>keep</c> and <c>count</c> say what the pruning stage leaves (N_p, a sixteenth if nothing is said); <c>average</c> and <c>flops</c> choose the
/// whole schedule, see <see cref="LvlmCspSchedule"/>.
/// </remarks>
[OptionalGroup(Group)]
public sealed record LvlmCspOptions : TokenBudgetOptions
{
    [Parameter(ParameterKind.TokenCount, "N_c: representatives in the clustering stage; four times what the pruning stage keeps if not given", Minimum = 1)]
    public int? Clusters { get; init; }

    [Parameter(ParameterKind.Layer, "L1: first layer that runs on all visual tokens; follows from the depth and the budget if not given", Minimum = 1)]
    public int? ScatterLayer { get; init; }

    [Parameter(ParameterKind.Layer, "L2: first layer that runs on what pruning keeps; follows from the depth and the budget if not given", Minimum = 2)]
    public int? PruneLayer { get; init; }

    [Parameter(ParameterKind.Choice, "Which tokens represent the clusters: every n-th, a lattice over the grid, the class token's favourites, drawn, or some of each superpixel")]
    public ClusterSelector Selector { get; init; } = ClusterSelector.Lattice;

    [Parameter(ParameterKind.Integer, "Seed of the selector 'random'", Minimum = 0)]
    public int Seed { get; init; }

    [Parameter(ParameterKind.TokenCount, "Superpixels asked for by the selector 'superpixel'; one per cluster if not given", Minimum = 1)]
    public int? Regions { get; init; }

    [Parameter(ParameterKind.Number, "Compactness of the superpixels: greater means squarer", Minimum = 1e-3, Maximum = 1e5)]
    public double Compactness { get; init; } = 10;

    [Parameter(ParameterKind.Choice, "How superpixels are computed: as scikit-image does, or fast")]
    public SlicMode Slic { get; init; } = SlicMode.Fast;

    [Parameter(ParameterKind.Choice, "How the other tokens come back: with what their representative has learnt, or as they entered the model")]
    public Scattering Scattering { get; init; } = Scattering.Delta;

    [Parameter(ParameterKind.Choice, "Whose representative a token follows: the nearest on the grid, or the most alike by cosine")]
    public Neighbourhood Nearest { get; init; } = Neighbourhood.Grid;

    [Parameter(ParameterKind.Choice, "Whose attention prunes: that of the token that predicts [SEG] (of the instruction's last when generating), the instruction's last, or the last of all")]
    public QueryRow QueryRow { get; init; } = QueryRow.Seg;

    /// <param name="clusters">Representatives.</param>
    internal SlicOptions Superpixels(int clusters) => new() { Segments = Regions ?? clusters, Compactness = Compactness, Mode = Slic, StartLabel = 0 };
}
