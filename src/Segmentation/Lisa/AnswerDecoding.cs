using System.Diagnostics;
using Pipeline.Segmentation.Llama;
using Pipeline.Segmentation.Pruning;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Lisa;

/// <summary>Greedy decoding with a cache: all prompts about an image once, pruned or not, then token by token; a sequence that has ended leaves the batch.</summary>
/// <remarks>
/// LISA.evaluate re-runs the whole sequence for every token; a cache gives the same tokens. Of each step only the states that predict a [SEG] are kept, never
/// logits: memory grows with the cache alone.
/// </remarks>
public sealed class AnswerDecoding
{
    private readonly LisaNetwork network;
    private readonly AnswerRules rules;
    private readonly AnswerTrace? trace;
    private readonly DisposeScope owner;
    private readonly Sequence[] sequences;
    private List<Sequence> live;

    private AnswerDecoding(LisaNetwork network, SequenceLayout layout, AnswerRules rules, AnswerTrace? trace, DisposeScope owner)
    {
        (this.network, this.rules, this.trace, this.owner) = (network, rules, trace, owner);
        sequences = [.. layout.Rows.Select(row => new Sequence(rules.Room(row.Length)))];
        live = [.. sequences];
    }

    /// <param name="network">The model.</param>
    /// <param name="prompts">Without [SEG].</param>
    /// <param name="visual">(1, N, d).</param>
    /// <param name="evidence">What pruning may know about the image.</param>
    /// <param name="pruning">Decides once, on the prompts.</param>
    /// <param name="rules">When answers end.</param>
    /// <param name="kept">Empty; told which visual tokens each stage runs on.</param>
    /// <param name="trace">Empty; collects what verification looks at.</param>
    /// <exception cref="ArgumentException">A prompt leaves no room for an answer, or pruning does not fit the model.</exception>
    public static AnswerBatch Run(
        LisaNetwork network,
        IReadOnlyList<TokenRow> prompts,
        Tensor visual,
        ImageEvidence evidence,
        IPruningMethod pruning,
        AnswerRules rules,
        PruningTrace? kept = null,
        AnswerTrace? trace = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentNullException.ThrowIfNull(visual);
        ArgumentNullException.ThrowIfNull(rules);
        using var recording = no_grad();
        using var scope = NewDisposeScope();
        using var cache = new KeyValueCache(network.Language.Layers.Count);
        var layout = ImageSplice.Layout(prompts, (int)visual.shape[1], rules.SegToken);
        var answers = new AnswerDecoding(network, layout, rules, trace, scope);
        var prefill = network.Read(prompts, layout, visual, pruning, evidence, cache, kept);
        try
        {
            var decoding = answers.Decode(prefill, new PrunedDecoding(network.Language, prefill, cache));
            return new AnswerBatch(prefill, [.. answers.sequences.Select(sequence => sequence.Answer())], decoding);
        }
        catch
        {
            prefill.Dispose();
            throw;
        }
    }

    /// <returns>The time it took from the first tokens on.</returns>
    private TimeSpan Decode(PrunedSequence prefill, PrunedDecoding decoding)
    {
        trace?.AddHidden(prefill.Hidden);
        var next = Choose(prefill.LastStates(), decoding);
        var start = Stopwatch.GetTimestamp();
        while (next is not null)
        {
            using var step = NewDisposeScope();
            var hidden = decoding.Step(network.Language.Embed(next));
            trace?.AddHidden(hidden);
            next.Dispose();
            next = Choose(hidden.squeeze(1), decoding);
        }

        return Stopwatch.GetElapsedTime(start);
    }

    /// <param name="hidden">(B, d), a state per sequence that is left.</param>
    /// <param name="decoding">Told which of them go on.</param>
    /// <returns>(B', 1) the tokens they go on with; null when all have ended.</returns>
    private Tensor? Choose(Tensor hidden, PrunedDecoding decoding)
    {
        using var scope = NewDisposeScope();
        var logits = network.Language.Logits(hidden);
        trace?.AddLogits(logits);
        var tokens = logits.argmax(-1);
        var chosen = tokens.cpu().data<long>().ToArray();
        for (var place = 0; place < live.Count; place++)
            Add(live[place], (int)chosen[place], hidden, place);

        int[] going = [.. Enumerable.Range(0, live.Count).Where(place => live[place].GoesOn)];
        if (going.Length == 0)
            return null;
        if (going.Length < live.Count)
        {
            decoding.Keep(going);
            live = [.. going.Select(place => live[place])];
            long[] places = [.. going];
            tokens = tokens.index_select(0, tensor(places, device: tokens.device));
        }

        return tokens.view(-1, 1).MoveToOtherDisposeScope(owner);
    }

    private void Add(Sequence sequence, int token, Tensor hidden, int place)
    {
        if (token == rules.SegToken)
            sequence.Ask(hidden.narrow(0, place, 1).clone().MoveToOtherDisposeScope(owner));
        sequence.Add(token, rules.EndTokens.Contains(token));
    }

    /// <summary>One answer as it grows.</summary>
    private sealed class Sequence(int room)
    {
        private readonly List<int> tokens = [];
        private readonly List<int> segTokens = [];
        private readonly List<Tensor> segStates = [];
        private bool ended;

        public bool GoesOn => !ended && tokens.Count < room;

        public void Ask(Tensor state)
        {
            segTokens.Add(tokens.Count);
            segStates.Add(state);
        }

        public void Add(int token, bool isEnd)
        {
            tokens.Add(token);
            ended = isEnd;
        }

        public GreedyAnswer Answer()
        {
            var states = segStates.Count == 0 ? null : cat(segStates).DetachFromDisposeScope();
            return new GreedyAnswer(tokens, ended, segTokens, states);
        }
    }
}
