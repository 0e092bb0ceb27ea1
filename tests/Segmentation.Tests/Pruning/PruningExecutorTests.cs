using Pipeline.Segmentation.Llama;
using Pipeline.Segmentation.Pruning;
using Pipeline.Segmentation.Pruning.Methods;
using Pipeline.Segmentation.Tests.Llama;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Pruning;

public sealed class PruningExecutorTests : IDisposable
{
    private static readonly ImageEvidence Image = new(7);
    private readonly GoldenLlama golden = new("pruning");
    private readonly IDisposable recording = no_grad();

    private LlamaModel Model => golden.Model;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 12)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Dropping_between_layers_is_running_the_rest_on_what_is_left(int seed)
    {
        using var scope = NewDisposeScope();
        using var batch = Batch.Random(Model, seed);
        var random = new System.Random(seed);
        var layer = random.Next(0, Model.Layers.Count);
        var mode = seed % 2 == 0 ? PositionMode.Original : PositionMode.Dense;
        var chosen = Subsets(random, batch.Layout, random.Next(1, batch.Layout.VisualTokens + 1));
        using var result = Run(batch, new PruningStep(layer, (int)chosen.shape[1], null, _ => new VisualSelection(chosen)) { Positions = mode });

        var (start, end, length) = (batch.Layout.VisualStart, batch.Layout.VisualEnd, batch.Embeddings.shape[1]);
        var rows = batch.Layout.Rows.Count;
        var index = cat([Range(0, start).expand(rows, start), chosen + start, Range(end, length).expand(rows, length - end)], 1);
        var hidden = Layers(batch.Embeddings, 0, layer, Range(0, length));
        var left = hidden.gather(1, index.unsqueeze(-1).expand(index.shape[0], index.shape[1], hidden.shape[2]));
        var positions = mode == PositionMode.Original ? index : Range(0, index.shape[1]);
        var expected = Model.Normalize(Layers(left, layer, Model.Layers.Count, positions));

        Largest(result.Hidden - expected).ShouldBe(0);
        Values(result.Positions).ShouldBe(Values(positions));
        Values(result.Kept).ShouldBe(Values(chosen));
        result.VisualTokens.ShouldBe([.. Enumerable.Repeat(batch.Layout.VisualTokens, layer), .. Enumerable.Repeat((int)chosen.shape[1], Model.Layers.Count - layer)]);
        for (var row = 0; row < rows; row++)
            result.Tokens(row).ShouldBe(result.VisualTokens.Select(count => batch.Layout.Rows[row].Length - batch.Layout.VisualTokens + count));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_step_that_keeps_everything_is_bit_identical_to_no_step(int seed)
    {
        using var scope = NewDisposeScope();
        using var batch = Batch.Random(Model, seed);
        using var plain = Run(batch);
        foreach (var mode in Enum.GetValues<PositionMode>())
        {
            foreach (var source in Enum.GetValues<AttentionSource>())
            {
                var need = new AttentionNeed(source, QueryRow.Seg);
                using var kept = Run(batch, new PruningStep(3, batch.Layout.VisualTokens, need, context => new VisualSelection(context.Tokens)) { Positions = mode });
                Largest(kept.Hidden - plain.Hidden).ShouldBe(0);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_sequence_in_a_batch_gives_what_it_gives_alone(int seed)
    {
        using var scope = NewDisposeScope();
        using var batch = Batch.Random(Model, seed, sequences: 3);
        var plan = new FastV(new FastVOptions { Layer = 2, Keep = 0.4, QueryRow = (QueryRow)(seed % 3) }).Plan(golden.Shape(batch.Layout.VisualTokens));
        using var together = PruningExecutor.Run(Model, batch.Embeddings, batch.Layout, plan, Image);
        var seg = together.SegStates();
        for (var row = 0; row < 3; row++)
        {
            using var single = batch.Alone(row);
            using var alone = PruningExecutor.Run(Model, single.Embeddings, single.Layout, plan, Image);
            Values(alone.Kept).ShouldBe(Values(together.Kept.narrow(0, row, 1)));
            alone.Tokens(0).ShouldBe(together.Tokens(row));
            Largest(alone.Hidden - together.Hidden.narrow(0, row, 1).narrow(1, 0, alone.Hidden.shape[1])).ShouldBeLessThan(2e-5);
            Largest(alone.SegStates() - seg.narrow(0, row, 1)).ShouldBeLessThan(2e-5);
        }
    }

    [Fact]
    public void Rows_that_predict_SEG_are_found_after_pruning()
    {
        using var scope = NewDisposeScope();
        var layout = new SequenceLayout(4, 10, [new SequenceRow(20, 15, [2, 16, 19]), new SequenceRow(18, 15, []), new SequenceRow(19, 14, [17])]);
        using var batch = new Batch(Batch.Random(Model, 5, sequences: 1).Embeddings.narrow(1, 0, 4).repeat(3, 5, 1), layout);
        var chosen = tensor(new long[] { 1, 5, 8 }, [1, 3]).expand(3, 3);
        using var result = Run(batch, new PruningStep(1, 3, null, _ => new VisualSelection(chosen)));
        var states = result.SegStates();
        states.shape.ShouldBe([4, Model.Config.HiddenSize]);
        var expected = new[] { (0, 2), (0, 9), (0, 12), (2, 10) };
        for (var i = 0; i < expected.Length; i++)
            Largest(states[i] - result.Hidden[expected[i].Item1, expected[i].Item2]).ShouldBe(0);
        Should.Throw<ArgumentOutOfRangeException>(() => result.IndexOf(4));
    }

    [Theory]
    [InlineData(AttentionSource.PreviousLayer)]
    [InlineData(AttentionSource.NextLayer)]
    public void The_attention_row_is_that_row_of_the_whole_attention(AttentionSource source)
    {
        using var scope = NewDisposeScope();
        using var batch = Batch.Random(Model, 11, sequences: 2);
        using var trace = new ForwardTrace();
        Model.Forward(batch.Embeddings, Range(0, batch.Embeddings.shape[1]), trace: trace);
        var whole = trace.Attentions[source == AttentionSource.PreviousLayer ? 2 : 3];
        Tensor? seen = null;
        using var result = Run(batch, new PruningStep(3, batch.Layout.VisualTokens, new AttentionNeed(source, QueryRow.LastInstruction), context =>
        {
            seen = context.AttentionRow!.clone().DetachFromDisposeScope();
            return new VisualSelection(context.Tokens);
        }));
        using (seen)
        {
            for (var row = 0; row < 2; row++)
                Largest(seen![row] - whole[row].narrow(1, batch.Layout.Rows[row].LastInstruction, 1).squeeze(1)).ShouldBeLessThan(1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Tokens_that_were_dropped_come_back_with_the_states_they_are_given(int seed)
    {
        using var scope = NewDisposeScope();
        using var batch = Batch.Random(Model, seed);
        var (rows, total, random) = (batch.Layout.Rows.Count, batch.Layout.VisualTokens, new System.Random(seed));
        var few = Subsets(random, batch.Layout, random.Next(1, total));
        var last = Subsets(random, batch.Layout, random.Next(1, total));
        using var result = Run(
            batch,
            new PruningStep(0, (int)few.shape[1], null, _ => new VisualSelection(few)),
            new PruningStep(2, total, null, context =>
            {
                var size = context.Hidden.shape[2];
                var at = context.Tokens.unsqueeze(-1).expand(rows, context.VisualTokens, size);
                return new VisualSelection(Range(0, total).expand(rows, total), context.VisualEmbeddings.clone().scatter_(1, at, context.VisualHidden));
            }),
            new PruningStep(4, (int)last.shape[1], new AttentionNeed(AttentionSource.PreviousLayer, QueryRow.Seg), _ => new VisualSelection(last)));

        var (start, end, length) = (batch.Layout.VisualStart, batch.Layout.VisualEnd, batch.Embeddings.shape[1]);
        var everywhere = Range(0, length).expand(rows, length);
        Tensor At(Tensor tokens) => cat([everywhere.narrow(1, 0, start), tokens + start, everywhere.narrow(1, end, length - end)], 1);
        var first = Layers(Gather(batch.Embeddings, At(few)), 0, 2, At(few));
        var back = batch.Embeddings.clone().scatter_(1, Index(At(few), first), first);
        var all = Layers(cat([first.narrow(1, 0, start), back.narrow(1, start, total), first.narrow(1, start + few.shape[1], length - end)], 1), 2, 4, everywhere);
        var expected = Model.Normalize(Layers(Gather(all, At(last)), 4, 6, At(last)));
        Largest(result.Hidden - expected).ShouldBe(0);
        result.VisualTokens.ShouldBe([(int)few.shape[1], (int)few.shape[1], total, total, (int)last.shape[1], (int)last.shape[1]]);
    }

    [Fact]
    public void Later_stages_choose_among_what_is_present()
    {
        using var scope = NewDisposeScope();
        using var batch = new Batch(randn([2, 20, Model.Config.HiddenSize]), new SequenceLayout(3, 12, [new SequenceRow(20, 17, [18]), new SequenceRow(20, 16, [19])]));
        var first = tensor(new long[] { 0, 2, 4, 6, 8, 1, 3, 5, 7, 9 }, [2, 5]);
        var second = tensor(new long[] { 2, 8, 1, 3 }, [2, 2]);
        var direct = Run(batch, new PruningStep(0, 2, null, _ => new VisualSelection(second)));
        var staged = Run(batch, new PruningStep(0, 5, null, _ => new VisualSelection(first)), new PruningStep(1, 2, null, _ => new VisualSelection(second)));
        using (direct)
        using (staged)
        {
            Values(staged.Positions).ShouldBe(Values(direct.Positions));
            staged.VisualTokens.ShouldBe([5, 2, 2, 2, 2, 2]);
        }

        var absent = tensor(new long[] { 2, 7, 1, 3 }, [2, 2]);
        Should.Throw<Exception>(() => Run(batch, new PruningStep(0, 5, null, _ => new VisualSelection(first)), new PruningStep(1, 2, null, _ => new VisualSelection(absent))));
    }

    [Fact]
    public void A_plan_or_a_selection_that_does_not_fit_is_refused()
    {
        using var scope = NewDisposeScope();
        using var batch = Batch.Random(Model, 3);
        var rows = batch.Layout.Rows.Count;
        PruningStep All(int layer, AttentionNeed? need = null) => new(layer, batch.Layout.VisualTokens, need, context => new VisualSelection(context.Tokens));

        Refused(All(6)).ShouldContain("0 to 5");
        Refused(All(2), All(2)).ShouldContain("two steps");
        Refused(All(0, new AttentionNeed(AttentionSource.PreviousLayer, QueryRow.Last))).ShouldContain("layer 0");
        Refused(new PruningStep(1, 0, null, context => new VisualSelection(context.Tokens))).ShouldContain("chooses 0");
        Refused(new PruningStep(1, batch.Layout.VisualTokens + 1, null, context => new VisualSelection(context.Tokens))).ShouldContain($"1 to {batch.Layout.VisualTokens}");
        Refused(new PruningStep(1, 2, null, _ => new VisualSelection(Range(0, 1).expand(rows, 1)))).ShouldContain($"expected Int64 ({rows}, 2)");
        Refused(new PruningStep(1, 1, null, _ => new VisualSelection(Range(0, 1).expand(rows + 1, 1)))).ShouldContain("expected Int64");
        Refused(new PruningStep(1, batch.Layout.VisualTokens, null, context => new VisualSelection(context.Tokens, context.Hidden.narrow(1, 0, 1)))).ShouldContain("hidden states");
        Refused(new PruningStep(0, 1, null, context => new VisualSelection(context.Tokens.narrow(1, 0, 1))), new PruningStep(1, 2, null, _ => new VisualSelection(Range(0, 2).expand(rows, 2)))).ShouldContain("come back");

        string Refused(params PruningStep[] plan) => Should.Throw<ArgumentException>(() => Run(batch, plan)).Message;
    }

    [Fact]
    public void A_layout_that_does_not_fit_is_refused()
    {
        using var scope = NewDisposeScope();
        using var embeddings = randn([1, 20, Model.Config.HiddenSize]);
        var row = new SequenceRow(20, 18, [19]);
        foreach (var layout in new[]
        {
            new SequenceLayout(3, 12, [row, row]),
            new SequenceLayout(3, 18, [row]),
            new SequenceLayout(-1, 5, [row]),
            new SequenceLayout(3, 12, [row with { Length = 21 }]),
            new SequenceLayout(3, 12, [row with { Length = 14 }]),
            new SequenceLayout(3, 12, [row with { SegRows = [20] }]),
        })
            Should.Throw<ArgumentException>(() => PruningExecutor.Run(Model, embeddings, layout, [], Image));
    }

    [Fact]
    public void A_pass_leaves_no_tensor_behind_even_when_a_step_fails()
    {
        using var batch = Batch.Random(Model, 9);
        var plan = new FastV(new FastVOptions { Layer = 2, Keep = 0.5 }).Plan(golden.Shape(batch.Layout.VisualTokens));
        var failing = plan[0] with { Select = _ => throw new InvalidOperationException("no choice") };
        PruningExecutor.Run(Model, batch.Embeddings, batch.Layout, plan, Image).Dispose();
        var before = GoldenLlama.LiveTensors;
        PruningExecutor.Run(Model, batch.Embeddings, batch.Layout, plan, Image).Dispose();
        Should.Throw<InvalidOperationException>(() => PruningExecutor.Run(Model, batch.Embeddings, batch.Layout, [failing], Image)).Message.ShouldBe("no choice");
        GoldenLlama.LiveTensors.ShouldBe(before);
    }

    [Fact]
    public void A_trace_has_the_tokens_of_each_sequence_in_each_stage()
    {
        using var scope = NewDisposeScope();
        using var batch = Batch.Random(Model, 5);
        var random = new System.Random(5);
        var (many, few) = (Subsets(random, batch.Layout, 5), Subsets(random, batch.Layout, 2));
        PruningStep[] plan =
        [
            new(1, 5, null, _ => new VisualSelection(many)),
            new(3, 2, null, context => new VisualSelection(few, context.Hidden.narrow(1, batch.Layout.VisualStart, 2))),
        ];
        var trace = new PruningTrace();
        PruningExecutor.Run(Model, batch.Embeddings, batch.Layout, plan, Image, trace: trace).Dispose();
        for (var row = 0; row < batch.Layout.Rows.Count; row++)
        {
            var stages = trace.Of(row);
            stages.Select(stage => stage.FirstLayer).ShouldBe([0, 1, 3]);
            stages[0].Kept.ShouldBe(Enumerable.Range(0, batch.Layout.VisualTokens));
            stages[1].Kept.Select(token => (long)token).ShouldBe(Values(many[row]));
            stages[2].Kept.Select(token => (long)token).ShouldBe(Values(few[row]));
        }
    }

    [Fact]
    public void Gradients_pass_through_a_pruned_sequence()
    {
        using var training = set_grad_enabled(true);
        using var scope = NewDisposeScope();
        using var batch = Batch.Random(Model, 4);
        var embeddings = batch.Embeddings.clone().requires_grad_();
        var plan = new FastV(new FastVOptions { Layer = 2, Keep = 0.3 }).Plan(golden.Shape(batch.Layout.VisualTokens));
        using var result = PruningExecutor.Run(Model, embeddings, batch.Layout, plan, Image);
        result.SegStates().square().sum().backward();
        Largest(embeddings.grad!).ShouldBeGreaterThan(0);
        embeddings.grad!.isfinite().all().item<bool>().ShouldBeTrue();
    }

    public void Dispose()
    {
        recording.Dispose();
        golden.Dispose();
    }

    private PrunedSequence Run(Batch batch, params PruningStep[] plan) => PruningExecutor.Run(Model, batch.Embeddings, batch.Layout, plan, Image);

    private Tensor Layers(Tensor hidden, int from, int to, Tensor positions)
    {
        var rotation = Model.Rotary.At(positions);
        var mask = Model.Mask.For((int)hidden.shape[1], (int)hidden.shape[1]);
        for (var layer = from; layer < to; layer++) hidden = Model.Layers[layer].Forward(hidden, rotation, mask);
        return hidden;
    }

    private static Tensor Subsets(System.Random random, SequenceLayout layout, int count) =>
        stack(layout.Rows.Select(_ => tensor(Subset(random, layout.VisualTokens, count))), 0);

    private static long[] Subset(System.Random random, int total, int count)
    {
        long[] all = [.. Enumerable.Range(0, total)];
        random.Shuffle(all);
        return [.. all.Take(count).Order()];
    }

    private static Tensor Gather(Tensor hidden, Tensor index) => hidden.gather(1, Index(index, hidden));

    private static Tensor Index(Tensor index, Tensor hidden) => index.unsqueeze(-1).expand(index.shape[0], index.shape[1], hidden.shape[2]);

    private static Tensor Range(long start, long end) => arange(start, end, ScalarType.Int64).unsqueeze(0);

    private static double Largest(Tensor difference) => difference.abs().max().item<float>();

    private static long[] Values(Tensor tensor) => tensor.contiguous().data<long>().ToArray();
}
