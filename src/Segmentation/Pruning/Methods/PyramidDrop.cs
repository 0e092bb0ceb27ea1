using System.Globalization;
using Pipeline.Contracts.Models;

namespace Pipeline.Segmentation.Pruning.Methods;

/// <summary>PyramidDrop: in stages, keep the visual tokens that the last prompt token's query is most similar to, ever fewer.</summary>
/// <remarks>
/// arXiv 2410.17247; Cooperx521/PyramidDrop, modeling_llama_pdrop.py. The paper ranks with the last layer of a stage, its code with norm, query and key
/// of the first layer of the next, at the current positions: the code's way here. Counts are truncated as in the code, but never to nothing. Ours:
/// boundaries follow the model's depth.
/// </remarks>
public sealed class PyramidDrop(PyramidDropOptions options) : IPruningMethod
{
    private const int Stages = 4;

    public IReadOnlyList<PruningStep> Plan(ModelShape model)
    {
        var boundaries = options.Boundaries ?? EqualDepth(model);
        var ratios = options.Ratios ?? [.. Enumerable.Range(1, boundaries.Count).Select(stage => Math.Pow(0.5, stage))];
        Validate(boundaries, ratios, model);
        var schedule = options.Budget is { } budget
            ? budget.Meet(model, share => Scheduled(ratios.Select(ratio => Math.Min(1, share * (ratio / ratios[^1])))))
            : Scheduled(ratios);
        var need = new AttentionNeed(AttentionSource.NextLayer, options.QueryRow);
        return
        [
            .. boundaries.Where(layer => schedule.VisualTokens[layer] < schedule.VisualTokens[layer - 1])
                .Select(layer => new PruningStep(layer, schedule.VisualTokens[layer], need, AttentionRanking.Best(schedule.VisualTokens[layer])) { Positions = options.Positions }),
        ];

        Schedule Scheduled(IEnumerable<double> shares) =>
            Schedule.Of(model, [.. boundaries.Zip(shares, (layer, share) => (layer, Math.Max(1, (int)(model.VisualTokens * share))))]);
    }

    private IReadOnlyList<int> EqualDepth(ModelShape model)
    {
        var stages = options.Ratios?.Count + 1 ?? Math.Min(Stages, model.Layers);
        return stages <= model.Layers
            ? [.. Enumerable.Range(1, stages - 1).Select(stage => model.Layers * stage / stages)]
            : throw new PruningSettingException("ratios", $"has {options.Ratios!.Count} shares, and this model's {model.Layers} layers cannot be parted into {stages} stages; give at most {model.Layers - 1}");
    }

    private static void Validate(IReadOnlyList<int> boundaries, IReadOnlyList<double> ratios, ModelShape model)
    {
        for (var i = 0; i < boundaries.Count; i++)
        {
            PruningSettingException.ThrowIfNoLayer("boundaries", boundaries[i], 1, model);
            if (i > 0 && boundaries[i] <= boundaries[i - 1])
                throw new PruningSettingException("boundaries", $"{boundaries[i]} stands after {boundaries[i - 1]}; layers ascend");
        }

        if (ratios.Count != boundaries.Count)
            throw new PruningSettingException("ratios", $"has {ratios.Count} shares for {boundaries.Count} boundaries ({string.Join(", ", boundaries)}); give one share for each");
        for (var i = 1; i < ratios.Count; i++)
        {
            if (ratios[i] > ratios[i - 1])
                throw new PruningSettingException("ratios", string.Create(CultureInfo.InvariantCulture, $"{ratios[i]} stands after {ratios[i - 1]}; a stage keeps at most what the one before kept"));
        }
    }
}
