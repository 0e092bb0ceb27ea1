using System.Text.Json.Nodes;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Models;
using Pipeline.Segmentation.Llama;
using Pipeline.Segmentation.Pruning;
using Pipeline.Segmentation.Tests.Llama;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Pruning;

/// <summary>What every method promises, over random shapes, settings and seeds. A method that is registered is tested.</summary>
public sealed class EveryMethodTests : IDisposable
{
    private const int Seeds = 8;
    private readonly GoldenLlama golden = new("pruning");
    private readonly IDisposable recording = no_grad();

    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (var schema in PruningMethods.Schemas)
            {
                for (var seed = 0; seed < Seeds; seed++) cases.Add(schema.Name, seed);
            }

            return cases;
        }
    }

    private LlamaModel Model => golden.Model;

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_run_records_exactly_the_schedule_that_is_known_before(string method, int seed)
    {
        using var scope = NewDisposeScope();
        using var scene = GridBatch.Random(golden, seed);
        var variant = Draw(method, scene, seed);
        using var result = Run(variant, scene, scene.Batch);
        result.VisualTokens.ShouldBe(PruningMethods.Create(variant).VisualTokensPerLayer(scene.Shape));
        result.Kept.shape.ShouldBe([scene.Batch.Layout.Rows.Count, result.VisualTokens[^1]]);
        for (var row = 0; row < scene.Batch.Layout.Rows.Count; row++)
        {
            var kept = Values(result.Kept[row]);
            kept.ShouldBe([.. kept.Distinct().Order()]);
            kept.ShouldAllBe(token => token >= 0 && token < scene.Shape.VisualTokens);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_budget_is_met_to_the_token(string method, int seed)
    {
        using var scene = GridBatch.Random(golden, seed);
        var variant = Draw(method, scene, seed);
        if (AnyVariant.BudgetOf(variant) is not { } budget) return;
        var shape = scene.Shape;
        var schedule = Schedule.Of(PruningMethods.Create(variant).Plan(shape), shape);
        var distance = Math.Abs(budget.Cost(schedule, shape) - budget.Target(shape));
        // Counts exactly; means and FLOPs as near as one token more or less in every layer.
        if (budget.Unit is BudgetUnit.Keep or BudgetUnit.Count) distance.ShouldBe(0);
        else if (budget.Unit is BudgetUnit.Average) distance.ShouldBeLessThanOrEqualTo(1);
        else distance.ShouldBeLessThanOrEqualTo(1.25 / shape.VisualTokens);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Text_keeps_its_order_and_positions_are_as_declared(string method, int seed)
    {
        using var scope = NewDisposeScope();
        using var scene = GridBatch.Random(golden, seed);
        var variant = Draw(method, scene, seed);
        using var result = Run(variant, scene, scene.Batch);
        var (layout, length) = (scene.Batch.Layout, (int)scene.Batch.Embeddings.shape[1]);
        var (rows, kept) = (layout.Rows.Count, (int)result.Kept.shape[1]);
        var left = length - layout.VisualTokens + kept;
        var dense = AnyVariant.Word(variant, Schema(method), "positions") == "dense";
        result.Hidden.shape.ShouldBe([rows, left, Model.Config.HiddenSize]);
        for (var row = 0; row < rows; row++)
        {
            long[] original =
            [
                .. Enumerable.Range(0, layout.VisualStart).Select(index => (long)index),
                .. Values(result.Kept[row]).Select(token => layout.VisualStart + token),
                .. Enumerable.Range(layout.VisualEnd, length - layout.VisualEnd).Select(index => (long)index),
            ];
            long[] expected = dense ? [.. Enumerable.Range(0, left).Select(index => (long)index)] : original;
            Values(result.Positions.expand(rows, left)[row]).ShouldBe(expected);
            foreach (var index in Enumerable.Range(0, layout.VisualStart).Concat(Enumerable.Range(layout.VisualEnd, length - layout.VisualEnd)))
                original[result.IndexOf(index)].ShouldBe(index);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_budget_of_everything_is_bit_identical_to_none(string method, int seed)
    {
        using var scope = NewDisposeScope();
        using var scene = GridBatch.Random(golden, seed);
        using var plain = Run(VariantSpec.None, scene, scene.Batch);
        foreach (var (setting, everything) in new (string, JsonNode)[] { ("keep", 1), ("count", scene.Shape.VisualTokens), ("average", scene.Shape.VisualTokens), ("flops", 1) })
        {
            if (!Schema(method).Parameters.Any(parameter => parameter.Name == setting)) continue;
            using var kept = Run(VariantSpec.Create(method, KeyValuePair.Create(setting, everything)), scene, scene.Batch);
            Largest(kept.Hidden - plain.Hidden).ShouldBe(0);
            kept.VisualTokens.ShouldBe(plain.VisualTokens);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_same_again_gives_the_same_bits_and_leaves_no_tensor(string method, int seed)
    {
        using var scope = NewDisposeScope();
        using var scene = GridBatch.Random(golden, seed);
        var variant = Draw(method, scene, seed);
        using var first = Run(variant, scene, scene.Batch);
        var before = GoldenLlama.LiveTensors;
        using (var second = Run(variant, scene, scene.Batch))
        {
            using var comparing = NewDisposeScope();
            Values(second.Kept).ShouldBe(Values(first.Kept));
            Largest(second.Hidden - first.Hidden).ShouldBe(0);
        }

        GoldenLlama.LiveTensors.ShouldBe(before);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_sample_in_a_batch_of_others_gives_what_it_gives_alone(string method, int seed)
    {
        using var scope = NewDisposeScope();
        using var scene = GridBatch.Random(golden, seed, sequences: 3);
        var variant = Draw(method, scene, seed);
        using var batch = OfDifferentImages(scene, seed);
        using var together = Run(variant, scene, batch);
        for (var row = 0; row < 3; row++)
        {
            using var single = batch.Alone(row);
            using var alone = Run(variant, scene, single);
            Values(alone.Kept).ShouldBe(Values(together.Kept.narrow(0, row, 1)));
            alone.Tokens(0).ShouldBe(together.Tokens(row));
            Largest(alone.Hidden - together.Hidden.narrow(0, row, 1).narrow(1, 0, alone.Hidden.shape[1])).ShouldBeLessThan(2e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Generation_with_a_cache_is_the_whole_sequence_again_with_the_kept_tokens_frozen(string method, int seed)
    {
        const int Steps = 4;
        using var scope = NewDisposeScope();
        using var scene = GridBatch.Random(golden, seed, sequences: 1);
        var variant = Draw(method, scene, seed);
        var (embeddings, layout, plan) = (scene.Batch.Embeddings, scene.Batch.Layout, PruningMethods.Create(variant).Plan(scene.Shape));
        var frozen = new PruningStep[plan.Count];
        using var cache = new KeyValueCache(Model.Layers.Count);
        using var prefill = PruningExecutor.Run(Model, embeddings, layout, [.. plan.Select((step, stage) => Freezing(step, stage, frozen))], scene.Image, cache);
        cache.Lengths.ShouldBe(prefill.Tokens(0));
        var decoding = new PrunedDecoding(Model, prefill, cache);

        using var generator = new Generator((ulong)seed);
        var answer = randn([1, Steps, Model.Config.HiddenSize], generator: generator);
        var decoded = cat([.. Enumerable.Range(0, Steps).Select(step => decoding.Step(answer.narrow(1, step, 1)))], 1);

        var whole = cat([embeddings, answer], 1);
        var longer = layout with { Rows = [layout.Rows[0] with { Length = layout.Rows[0].Length + Steps }] };
        using var again = PruningExecutor.Run(Model, whole, longer, frozen, scene.Image);
        Largest(decoded - again.Hidden.narrow(1, again.Hidden.shape[1] - Steps, Steps)).ShouldBeLessThan(2e-5);
    }

    public void Dispose()
    {
        recording.Dispose();
        golden.Dispose();
    }

    /// <summary>Remembers a choice. A step that gives back tokens does not choose, and computes their states anew.</summary>
    private static PruningStep Freezing(PruningStep step, int stage, PruningStep[] frozen) => step with
    {
        Select = context =>
        {
            var selection = step.Select(context);
            var (tokens, shape) = (Values(selection.Tokens), selection.Tokens.shape);
            frozen[stage] = selection.Hidden is null ? step with { Need = null, Select = _ => new VisualSelection(tensor(tokens, shape)) } : step;
            return selection;
        },
    };

    private static Batch OfDifferentImages(GridBatch scene, int seed)
    {
        using var generator = new Generator((ulong)seed + 100);
        var (layout, embeddings) = (scene.Batch.Layout, scene.Batch.Embeddings.clone());
        var visual = embeddings.narrow(1, layout.VisualStart, layout.VisualTokens);
        visual.copy_(randn(visual.shape, generator: generator));
        return new Batch(embeddings.DetachFromDisposeScope(), layout);
    }

    private static PruningMethodSchema Schema(string method) => PruningMethods.Schemas.Single(schema => schema.Name == method);

    private static VariantSpec Draw(string method, GridBatch scene, int seed) => AnyVariant.Draw(Schema(method), scene.Shape, new System.Random(seed));

    private PrunedSequence Run(VariantSpec variant, GridBatch scene, Batch batch) =>
        PruningExecutor.Run(Model, batch.Embeddings, batch.Layout, PruningMethods.Create(variant).Plan(scene.Shape), scene.Image);

    private static double Largest(Tensor difference) => difference.abs().max().item<float>();

    private static long[] Values(Tensor tensor) => tensor.contiguous().data<long>().ToArray();
}
