using Pipeline.Segmentation.Llama;
using Pipeline.Segmentation.Pruning;
using Pipeline.Segmentation.Pruning.Methods.LvlmCsp;
using Pipeline.Segmentation.Tests.Llama;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Pruning;

public sealed class LvlmCspPruningTests : IDisposable
{
    private readonly GoldenLlama golden = new("pruning");
    private readonly IDisposable recording = no_grad();

    private LlamaModel Model => golden.Model;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 8)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Each_stage_runs_on_exactly_its_tokens(int seed)
    {
        using var scope = NewDisposeScope();
        using var grid = GridBatch.Random(golden, seed);
        foreach (var options in Variants(seed, grid.Shape.VisualTokens))
        {
            var schedule = LvlmCspSchedule.Of(options, grid.Shape);
            using var result = Run(grid, options);
            result.VisualTokens.ShouldBe(schedule.Tokens(grid.Shape).VisualTokens);
            for (var row = 0; row < grid.Batch.Layout.Rows.Count; row++)
            {
                var kept = Values(result.Kept[row]);
                kept.ShouldBe(kept.Distinct().Order());
                kept.Length.ShouldBe(schedule.Kept);
                var start = grid.Batch.Layout.VisualStart;
                Values(result.Positions[row]).Skip(start).Take(kept.Length).ShouldBe(kept.Select(token => token + start));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Raw_tokens_come_back_as_they_were_embedded(int seed) => ComesBack(seed, new LvlmCspOptions { Scattering = Scattering.Raw }, (embeddings, _, _) => embeddings);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Delta_tokens_come_back_with_what_the_nearest_representative_learnt(int seed) =>
        ComesBack(seed, new LvlmCspOptions { Selector = ClusterSelector.Random, Seed = seed }, (embeddings, learnt, grid) =>
        {
            var places = Clusters(grid, new LvlmCspOptions { Selector = ClusterSelector.Random, Seed = seed }, (int)learnt.shape[1]);
            var width = grid.Shape.GridWidth;
            return Follow(embeddings, learnt, token => Enumerable.Range(0, places.Length)
                .MinBy(i => Math.Pow((token / width) - (places[i] / width), 2) + Math.Pow((token % width) - (places[i] % width), 2)));
        });

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Delta_tokens_come_back_with_what_the_most_alike_representative_learnt(int seed) =>
        ComesBack(seed, new LvlmCspOptions { Nearest = Neighbourhood.Cosine }, (embeddings, learnt, grid) =>
        {
            var places = Clusters(grid, new LvlmCspOptions(), (int)learnt.shape[1]);
            return Follow(embeddings, learnt, token => Enumerable.Range(0, places.Length)
                .MaxBy(i => nn.functional.cosine_similarity(embeddings[0, token], embeddings[0, places[i]], dim: 0).item<float>()));
        });

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Pruning_keeps_what_the_query_row_of_the_layer_before_attends_to_most(int seed)
    {
        using var scope = NewDisposeScope();
        using var grid = GridBatch.Random(golden, seed, sequences: 2);
        var total = grid.Shape.VisualTokens;
        var options = new LvlmCspOptions { Clusters = total, Count = 3, ScatterLayer = 1, PruneLayer = 3 };
        using var result = Run(grid, options);
        using var trace = new ForwardTrace();
        var (start, length) = (grid.Batch.Layout.VisualStart, grid.Batch.Embeddings.shape[1]);
        Model.Forward(grid.Batch.Embeddings, arange(0, length, ScalarType.Int64).unsqueeze(0), trace: trace);
        for (var row = 0; row < 2; row++)
        {
            var seg = grid.Batch.Layout.Rows[row].SegRows[0];
            var scores = trace.Attentions[2][row].mean([0])[seg].narrow(0, start, total).data<float>().ToArray();
            Values(result.Kept[row]).ShouldBe(Enumerable.Range(0, total).OrderByDescending(token => scores[token]).Take(3).Order().Select(token => (long)token));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_sequence_in_a_batch_gives_what_it_gives_alone_and_again(int seed)
    {
        using var scope = NewDisposeScope();
        using var grid = GridBatch.Random(golden, seed, sequences: 3);
        foreach (var options in Variants(seed, grid.Shape.VisualTokens))
        {
            using var together = Run(grid, options);
            using var again = Run(grid, options);
            Largest(again.Hidden - together.Hidden).ShouldBe(0);
            for (var row = 0; row < 3; row++)
            {
                using var single = grid.Batch.Alone(row);
                using var alone = PruningExecutor.Run(Model, single.Embeddings, single.Layout, new LvlmCspPruning(options).Plan(grid.Shape), grid.Image);
                Values(alone.Kept).ShouldBe(Values(together.Kept[row]), $"{options}");
                Largest(alone.Hidden - together.Hidden.narrow(0, row, 1).narrow(1, 0, alone.Hidden.shape[1])).ShouldBeLessThan(2e-5);
            }
        }
    }

    [Fact]
    public void All_tokens_in_all_stages_is_bit_identical_to_no_pruning()
    {
        using var scope = NewDisposeScope();
        using var grid = GridBatch.Random(golden, 3);
        var total = grid.Shape.VisualTokens;
        using var plain = PruningExecutor.Run(Model, grid.Batch.Embeddings, grid.Batch.Layout, [], grid.Image);
        foreach (var options in (LvlmCspOptions[])[new() { Keep = 1 }, new() { Flops = 1 }, new() { Average = total }, new() { Clusters = total, Count = total, ScatterLayer = 2, PruneLayer = 4 }])
        {
            using var kept = Run(grid, options);
            Largest(kept.Hidden - plain.Hidden).ShouldBe(0);
            kept.VisualTokens.ShouldAllBe(count => count == total);
        }
    }

    [Theory]
    [InlineData(Scattering.Delta)]
    [InlineData(Scattering.Raw)]
    public void Decoding_with_caches_of_three_lengths_is_the_whole_sequence_at_once(Scattering scattering)
    {
        using var scope = NewDisposeScope();
        for (var seed = 0; seed < 4; seed++)
        {
            using var grid = GridBatch.Random(golden, seed, sequences: 1);
            var row = grid.Batch.Layout.Rows[0];
            var layout = grid.Batch.Layout with { Rows = [row with { LastInstruction = row.Length - 1, SegRows = [] }] };
            var options = new LvlmCspOptions { Clusters = 5, Count = 2, ScatterLayer = 2, PruneLayer = 4, Scattering = scattering };
            var plan = new LvlmCspPruning(options).Plan(grid.Shape);
            var next = randn([1, 4, Model.Config.HiddenSize]);

            using var cache = new KeyValueCache(Model.Layers.Count);
            using var prefill = PruningExecutor.Run(Model, grid.Batch.Embeddings, layout, plan, grid.Image, cache);
            var text = row.Length - grid.Shape.VisualTokens;
            cache.Lengths.ShouldBe([text + 5, text + 5, row.Length, row.Length, text + 2, text + 2]);
            var decoding = new PrunedDecoding(Model, prefill, cache);
            var steps = cat([.. Enumerable.Range(0, 4).Select(step => decoding.Step(next.narrow(1, step, 1)))], 1);

            // The rows that rank stay where they are, so the longer sequence makes the same choices.
            var longer = layout with { Rows = [layout.Rows[0] with { Length = row.Length + 4 }] };
            using var whole = PruningExecutor.Run(Model, cat([grid.Batch.Embeddings, next], 1), longer, plan, grid.Image);
            Values(whole.Kept).ShouldBe(Values(prefill.Kept));
            Largest(whole.Hidden.narrow(1, whole.Hidden.shape[1] - 4, 4) - steps).ShouldBeLessThan(2e-5);
        }
    }

    [Fact]
    public void Before_SEG_is_generated_the_last_token_of_the_instruction_prunes()
    {
        using var scope = NewDisposeScope();
        using var grid = GridBatch.Random(golden, 5, sequences: 1);
        var options = new LvlmCspOptions { Clusters = 6, Count = 3, ScatterLayer = 1, PruneLayer = 3 };
        var without = grid.Batch.Layout with { Rows = [grid.Batch.Layout.Rows[0] with { SegRows = [] }] };
        using var seg = PruningExecutor.Run(Model, grid.Batch.Embeddings, without, new LvlmCspPruning(options).Plan(grid.Shape), grid.Image);
        using var last = Run(grid, options with { QueryRow = QueryRow.LastInstruction });
        Values(seg.Kept).ShouldBe(Values(last.Kept));
    }

    [Fact]
    public void Three_stages_leave_no_tensor_behind()
    {
        using var grid = GridBatch.Random(golden, 6);
        LvlmCspOptions[] variants = [.. Variants(6, grid.Shape.VisualTokens)];
        foreach (var options in variants) Run(grid, options).Dispose();
        var before = GoldenLlama.LiveTensors;
        foreach (var options in variants) Run(grid, options).Dispose();
        GoldenLlama.LiveTensors.ShouldBe(before);
    }

    public void Dispose()
    {
        recording.Dispose();
        golden.Dispose();
    }

    private static IEnumerable<LvlmCspOptions> Variants(int seed, int total)
    {
        var random = new System.Random(seed);
        foreach (var selector in Enum.GetValues<ClusterSelector>())
        {
            var scatterLayer = random.Next(1, 4);
            yield return new LvlmCspOptions
            {
                Selector = selector,
                Clusters = random.Next(1, total + 1),
                Count = random.Next(1, total + 1),
                ScatterLayer = scatterLayer,
                PruneLayer = random.Next(scatterLayer + 1, 6),
                Scattering = (Scattering)random.Next(2),
                Nearest = (Neighbourhood)random.Next(2),
                QueryRow = (QueryRow)random.Next(3),
            };
        }
    }

    private PrunedSequence Run(GridBatch grid, LvlmCspOptions options) =>
        PruningExecutor.Run(Model, grid.Batch.Embeddings, grid.Batch.Layout, new LvlmCspPruning(options).Plan(grid.Shape), grid.Image);

    private static long[] Clusters(GridBatch grid, LvlmCspOptions options, int count) => Representatives.Choose(options, count, grid.Shape, grid.Image);

    private static Tensor Follow(Tensor embeddings, Tensor learnt, Func<int, int> representative) =>
        stack(Enumerable.Range(0, (int)embeddings.shape[1]).Select(token => embeddings[TensorIndex.Colon, token] + learnt[TensorIndex.Colon, representative(token)]), 1);

    /// <summary>Runs the three stages layer by layer and compares.</summary>
    /// <param name="others">From (B, N, d) embeddings and (B, N_c, d) of what the representatives learnt: all tokens, those of the representatives to be overwritten.</param>
    private void ComesBack(int seed, LvlmCspOptions options, Func<Tensor, Tensor, GridBatch, Tensor> others)
    {
        using var scope = NewDisposeScope();
        using var grid = GridBatch.Random(golden, seed);
        options = options with { Clusters = 4, Count = 3, ScatterLayer = 2, PruneLayer = 4 };
        using var result = Run(grid, options);

        var (layout, embeddings, rows) = (grid.Batch.Layout, grid.Batch.Embeddings, grid.Batch.Layout.Rows.Count);
        var (start, end, total, length) = (layout.VisualStart, layout.VisualEnd, layout.VisualTokens, (int)embeddings.shape[1]);
        var clusters = tensor(Clusters(grid, options, 4), [1, 4]).expand(rows, 4);
        var first = Layers(Gather(embeddings, At(clusters)), 0, 2, At(clusters));
        var visual = embeddings.narrow(1, start, total);
        var states = first.narrow(1, start, 4);
        var back = others(visual, states - Gather(visual, clusters), grid).clone().scatter_(1, Index(clusters, states), states);
        var everywhere = Range(0, length).expand(rows, length);
        var all = Layers(cat([first.narrow(1, 0, start), back, first.narrow(1, start + 4, length - end)], 1), 2, 4, everywhere);
        var expected = Model.Normalize(Layers(Gather(all, At(result.Kept)), 4, 6, At(result.Kept)));
        Largest(result.Hidden - expected).ShouldBeLessThan(1e-5);

        Tensor At(Tensor tokens) => cat([Range(0, start).expand(rows, start), tokens + start, Range(end, length).expand(rows, length - end)], 1);
    }

    private Tensor Layers(Tensor hidden, int from, int to, Tensor positions)
    {
        var rotation = Model.Rotary.At(positions);
        var mask = Model.Mask.For((int)hidden.shape[1], (int)hidden.shape[1]);
        for (var layer = from; layer < to; layer++) hidden = Model.Layers[layer].Forward(hidden, rotation, mask);
        return hidden;
    }

    private static Tensor Gather(Tensor hidden, Tensor index) => hidden.gather(1, Index(index, hidden));

    private static Tensor Index(Tensor index, Tensor hidden) => index.unsqueeze(-1).expand(index.shape[0], index.shape[1], hidden.shape[2]);

    private static Tensor Range(long start, long end) => arange(start, end, ScalarType.Int64).unsqueeze(0);

    private static double Largest(Tensor difference) => difference.abs().max().item<float>();

    private static long[] Values(Tensor tensor) => tensor.contiguous().data<long>().ToArray();
}
