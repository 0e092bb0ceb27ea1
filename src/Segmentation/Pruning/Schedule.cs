using Pipeline.Contracts.Models;
using Pipeline.Segmentation.Flops;

namespace Pipeline.Segmentation.Pruning;

/// <summary>Visual tokens in each decoder layer: what a method costs, known without weights.</summary>
public sealed class Schedule
{
    private Schedule(IReadOnlyList<int> visualTokens) => VisualTokens = visualTokens;

    /// <summary>One entry per decoder layer.</summary>
    public IReadOnlyList<int> VisualTokens { get; }

    /// <summary>Mean over the layers.</summary>
    public double Average => VisualTokens.Average();

    /// <summary>What a plan leads to.</summary>
    public static Schedule Of(IEnumerable<PruningStep> plan, ModelShape model) =>
        Of(model, [.. plan.Select(step => (step.BeforeLayer, step.VisualTokens))]);

    /// <summary>All visual tokens up to the first stage, then as many as each stage says.</summary>
    /// <param name="model">Sizes of the model.</param>
    /// <param name="stages">First layer that runs on so many visual tokens; in ascending order.</param>
    public static Schedule Of(ModelShape model, params IReadOnlyList<(int Layer, int VisualTokens)> stages)
    {
        var counts = new int[model.Layers];
        Array.Fill(counts, model.VisualTokens);
        foreach (var (layer, visualTokens) in stages) Array.Fill(counts, visualTokens, layer, model.Layers - layer);
        return new Schedule(counts);
    }

    /// <summary>FLOPs of the visual tokens as a share of what all of them cost in every layer, in PyramidDrop's convention.</summary>
    public double FlopsShare(ModelShape model) =>
        FlopsConvention.PyramidDrop.Total(model, VisualTokens, VisualTokens) / (model.Layers * FlopsConvention.PyramidDrop.Layer(model, model.VisualTokens));
}
