using Pipeline.Segmentation.Llama;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Pruning;

/// <summary>Runs a decoder under a plan: between layers the tokens are really dropped, so what is measured is what is saved.</summary>
public static class PruningExecutor
{
    /// <param name="model">The decoder.</param>
    /// <param name="embeddings">(B, n, d), right-padded.</param>
    /// <param name="layout">What stands where in them.</param>
    /// <param name="plan">Steps, at most one before a layer.</param>
    /// <param name="image">For methods that look at the image.</param>
    /// <param name="cache">Empty; each layer's keys and values are kept in it when the answer is to be generated.</param>
    /// <param name="trace">Empty; told which visual tokens each stage runs on.</param>
    /// <exception cref="ArgumentException">The layout does not fit the embeddings, the plan not the model, or a step's selection not the sequence.</exception>
    public static PrunedSequence Run(
        LlamaModel model,
        Tensor embeddings,
        SequenceLayout layout,
        IReadOnlyList<PruningStep> plan,
        ImageEvidence image,
        KeyValueCache? cache = null,
        PruningTrace? trace = null)
    {
        layout.Validate(embeddings.shape[0], embeddings.shape[1]);
        var steps = ByLayer(plan, model.Layers.Count, layout.VisualTokens);
        using var scope = NewDisposeScope();
        var live = new LiveSequence(model, embeddings, layout, scope);
        var passages = new LayerPassage[model.Layers.Count];
        for (var layer = 0; layer < passages.Length; layer++)
        {
            if (steps[layer] is { } step) live.Take(step, image);
            if (layer == 0 || steps[layer] is not null) trace?.Add(layer, live.Tokens);
            passages[layer] = new LayerPassage(live.VisualTokens, live.Mode);
            live.Advance(cache?[layer], steps.ElementAtOrDefault(layer + 1)?.Need);
        }

        return new PrunedSequence(
            layout,
            passages,
            live.Finish().DetachFromDisposeScope(),
            live.Tokens.DetachFromDisposeScope(),
            live.Positions.DetachFromDisposeScope());
    }

    private static PruningStep?[] ByLayer(IReadOnlyList<PruningStep> plan, int layers, int visualTokens)
    {
        var steps = new PruningStep?[layers];
        foreach (var step in plan)
        {
            if (step.BeforeLayer < 0 || step.BeforeLayer >= layers)
                throw new ArgumentException($"a step before layer {step.BeforeLayer} does not fit a model of {layers} layers; use 0 to {layers - 1}", nameof(plan));
            if (step is { BeforeLayer: 0, Need.Source: AttentionSource.PreviousLayer })
                throw new ArgumentException("no layer runs before layer 0, so there is no attention to look at", nameof(plan));
            if (step.VisualTokens < 1 || step.VisualTokens > visualTokens)
                throw new ArgumentException($"a step before layer {step.BeforeLayer} chooses {step.VisualTokens} visual tokens; use 1 to {visualTokens}", nameof(plan));
            if (steps[step.BeforeLayer] is not null)
                throw new ArgumentException($"two steps before layer {step.BeforeLayer}; merge them into one", nameof(plan));
            steps[step.BeforeLayer] = step;
        }

        return steps;
    }
}
