using Pipeline.Segmentation.Llama;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Pruning;

/// <summary>A batch on its way through the layers.</summary>
internal sealed class LiveSequence
{
    private readonly LlamaModel model;
    private readonly Tensor embeddings;
    private readonly SequenceLayout layout;
    private readonly DisposeScope owner;
    private readonly long batch;
    private Tensor hidden;
    private Rotation rotation;
    private Tensor? mask;
    private Tensor? row;
    private int layer;

    /// <param name="owner">The scope that lives as long as the pass.</param>
    public LiveSequence(LlamaModel model, Tensor embeddings, SequenceLayout layout, DisposeScope owner)
    {
        (this.model, this.embeddings, this.layout, this.owner, hidden) = (model, embeddings, layout, owner, embeddings);
        batch = embeddings.shape[0];
        Tokens = Range(0, layout.VisualTokens).expand(batch, layout.VisualTokens);
        Positions = Range(0, embeddings.shape[1]);
        rotation = model.Rotary.At(Positions);
        mask = Mask();
    }

    /// <summary>(B, k) original indices of the visual tokens present.</summary>
    public Tensor Tokens { get; private set; }

    /// <summary>(B, n) or (1, n) current position ids.</summary>
    public Tensor Positions { get; private set; }

    public PositionMode Mode { get; private set; }

    public int VisualTokens => (int)Tokens.shape[1];

    /// <summary>Lets a step decide and goes on with what it chose.</summary>
    public void Take(PruningStep step, ImageEvidence image)
    {
        using var scope = NewDisposeScope();
        if (step.Need is { Source: AttentionSource.NextLayer } need)
        {
            row = model.Layers[layer].AttentionRow(hidden.detach(), rotation, layout.QueryRows(need.Row, VisualTokens));
        }

        var selection = step.Select(new PruningContext
        {
            Layer = layer,
            Hidden = hidden,
            Positions = Positions,
            Layout = layout,
            Tokens = Tokens,
            VisualEmbeddings = embeddings.narrow(1, layout.VisualStart, layout.VisualTokens),
            Image = image,
            AttentionRow = row,
        });
        Validate(selection, step);
        GoOnWith(selection);
        Mode = step.Positions;
        Positions = PositionIds().MoveToOtherDisposeScope(owner);
        var (cos, sin) = model.Rotary.At(Positions);
        rotation = new Rotation(cos.MoveToOtherDisposeScope(owner), sin.MoveToOtherDisposeScope(owner));
        mask = Mask()?.MoveToOtherDisposeScope(owner);
        row = null;
    }

    /// <summary>Runs the next layer, and looks at its attention if the step behind it asks for that.</summary>
    public void Advance(LayerCache? cache, AttentionNeed? need)
    {
        AttentionTap? tap = need is { Source: AttentionSource.PreviousLayer }
            ? (query, key) => row = Row(query, key, need.Row).MoveToOtherDisposeScope(owner)
            : null;
        Replace(model.Layers[layer].Forward(hidden, rotation, mask, cache, tap));
        layer++;
    }

    /// <returns>(B, n, d) after the final norm.</returns>
    public Tensor Finish() => model.Normalize(hidden);

    private void GoOnWith(VisualSelection selection)
    {
        var visual = selection.Hidden ?? Present(selection.Tokens);
        var tail = layout.VisualStart + VisualTokens;
        Replace(cat([hidden.narrow(1, 0, layout.VisualStart), visual, hidden.narrow(1, tail, hidden.shape[1] - tail)], 1).MoveToOtherDisposeScope(owner));
        Tokens = selection.Tokens.alias().MoveToOtherDisposeScope(owner);
    }

    /// <summary>The hidden states of tokens that are all present; a token that is not fails the lookup.</summary>
    private Tensor Present(Tensor chosen)
    {
        var slots = chosen;
        if (VisualTokens < layout.VisualTokens)
        {
            var absent = full([batch, layout.VisualTokens], VisualTokens, ScalarType.Int64, hidden.device);
            slots = absent.scatter_(1, Tokens, Range(0, VisualTokens).expand(batch, VisualTokens)).gather(1, chosen);
        }

        var (count, size) = (chosen.shape[1], hidden.shape[2]);
        return hidden.narrow(1, layout.VisualStart, VisualTokens).gather(1, slots.unsqueeze(-1).expand(batch, count, size));
    }

    private Tensor PositionIds() => Mode == PositionMode.Dense
        ? Range(0, hidden.shape[1])
        : cat(
            [
                Range(0, layout.VisualStart).expand(batch, layout.VisualStart),
                Tokens + layout.VisualStart,
                Range(layout.VisualEnd, embeddings.shape[1]).expand(batch, embeddings.shape[1] - layout.VisualEnd),
            ],
            1);

    private Tensor Row(Tensor query, Tensor key, QueryRow which)
    {
        using var scope = NewDisposeScope();
        return Attention.Row(query.detach(), key.detach(), layout.QueryRows(which, VisualTokens)).MoveToOuterDisposeScope();
    }

    // Rows are padded on the right, where causal attention never looks: real tokens need no padding mask.
    private Tensor? Mask() => model.Mask.For((int)hidden.shape[1], (int)hidden.shape[1]);

    private Tensor Range(long start, long end) => arange(start, end, ScalarType.Int64, embeddings.device).unsqueeze(0);

    private void Replace(Tensor next)
    {
        if (!ReferenceEquals(hidden, embeddings)) hidden.Dispose();
        hidden = next;
    }

    private void Validate(VisualSelection selection, PruningStep step)
    {
        var (tokens, states) = (selection.Tokens, selection.Hidden);
        if (tokens.dtype != ScalarType.Int64 || !tokens.shape.SequenceEqual([batch, step.VisualTokens]))
            throw new ArgumentException($"step before layer {layer}: tokens are {tokens.dtype} ({string.Join(", ", tokens.shape)}); expected Int64 ({batch}, {step.VisualTokens})");
        if (states is not null && !states.shape.SequenceEqual([batch, tokens.shape[1], hidden.shape[2]]))
            throw new ArgumentException($"step before layer {layer}: hidden states are ({string.Join(", ", states.shape)}); expected ({batch}, {tokens.shape[1]}, {hidden.shape[2]})");
        if (states is null && tokens.shape[1] > VisualTokens)
            throw new ArgumentException($"step before layer {layer}: {tokens.shape[1]} tokens chosen of {VisualTokens} present; tokens that come back need hidden states");
    }
}
