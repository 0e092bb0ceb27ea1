using System.Globalization;
using Pipeline.Contracts.Models;

namespace Pipeline.Segmentation.Flops;

/// <summary>One row of a table: a schedule, what a paper prints for it, and what its formula gives.</summary>
/// <param name="Case">Model and setting.</param>
/// <param name="Model">Sizes of the language model.</param>
/// <param name="Convention">How the paper counts.</param>
/// <param name="Stages">Tokens per layer.</param>
/// <param name="Published">As printed, which says how many digits count; null where nothing is published.</param>
public sealed record FlopsFigure(string Case, ModelShape Model, FlopsConvention Convention, IReadOnlyList<Stage> Stages, string? Published)
{
    /// <summary>FLOPs over all layers.</summary>
    public double Flops => Stages.Sum(stage => stage.Layers * Convention.Layer(Model, stage.Tokens));

    /// <summary>Mean tokens per layer.</summary>
    public double AverageTokens => Stages.Sum(stage => stage.Layers * stage.Tokens) / Model.Layers;

    /// <summary>What is printed: GFLOPs of the mean layer in FastV's convention, as its paper does, TFLOPs of all layers otherwise.</summary>
    public double Value => Convention == FlopsConvention.FastV ? Flops / Model.Layers / 1e9 : Flops / 1e12;

    /// <summary>Whether our value, rounded to the published digits, is the published one.</summary>
    public bool IsReproduced => Published is not null && Value.ToString($"F{Published.Length - Published.IndexOf('.', StringComparison.Ordinal) - 1}", CultureInfo.InvariantCulture) == Published;
}
