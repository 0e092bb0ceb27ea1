using System.Text.Json.Nodes;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Models;
using Pipeline.Segmentation.Pruning;
using Pipeline.Segmentation.Tests.Llama;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Pruning;

public sealed class PruningMethodsTests : IDisposable
{
    private readonly GoldenLlama golden = new("pruning");
    private readonly IDisposable recording = no_grad();

    [Theory]
    [InlineData("""{ "keep": 1 }""", "random")]
    [InlineData("""{ "keep": 1.0, "layer": 3 }""", "uniform")]
    [InlineData("""{ "keep": 1 }""", "fastv")]
    [InlineData("""{ "keep": 1, "positions": "dense", "query_row": "seg" }""", "fastv")]
    public void Keeping_everything_is_bit_identical_to_none(string settings, string method)
    {
        using var scope = NewDisposeScope();
        using var batch = Batch.Random(golden.Model, 31);
        using var plain = Run(batch, "none", "{}");
        using var kept = Run(batch, method, settings);
        (kept.Hidden - plain.Hidden).abs().max().item<float>().ShouldBe(0);
        kept.VisualTokens.ShouldBe(plain.VisualTokens);
    }

    [Theory]
    [InlineData("random", """{ "keep": 0.3, "seed": 4 }""", 0)]
    [InlineData("random", """{ "count": 3, "layer": 4 }""", 4)]
    [InlineData("uniform", """{ "keep": 0.25 }""", 0)]
    [InlineData("uniform", """{ "keep": 0.01, "layer": 1 }""", 1)]
    [InlineData("fastv", """{ "keep": 0.5 }""", 2)]
    [InlineData("fastv", """{ "count": 2, "layer": 5, "query_row": "last" }""", 5)]
    public void A_budget_is_met_exactly_from_its_layer_on(string method, string settings, int layer)
    {
        using var scope = NewDisposeScope();
        for (var seed = 0; seed < 6; seed++)
        {
            using var batch = Batch.Random(golden.Model, seed + 40);
            var total = batch.Layout.VisualTokens;
            if (total < 3) continue;
            var node = JsonNode.Parse(settings)!;
            var budget = node["count"]?.GetValue<int>() ?? Math.Max(1, (int)Math.Round(node["keep"]!.GetValue<double>() * total, MidpointRounding.ToEven));
            using var result = Run(batch, method, settings);
            result.VisualTokens.ShouldBe([.. Enumerable.Repeat(total, layer), .. Enumerable.Repeat(budget, 6 - layer)]);
            for (var row = 0; row < batch.Layout.Rows.Count; row++)
            {
                var kept = result.Kept[row].data<long>().ToArray();
                kept.ShouldBe(kept.Distinct().Order());
                kept.ShouldAllBe(token => token >= 0 && token < total);
            }
        }
    }

    [Fact]
    public void A_share_is_rounded_half_to_even_and_never_to_nothing()
    {
        Budget.Tokens(0.5, 5).ShouldBe(2);
        Budget.Tokens(0.5, 7).ShouldBe(4);
        Budget.Tokens(0.1, 256).ShouldBe(26);
        Budget.Tokens(0.1, 576).ShouldBe(58);
        Budget.Tokens(0.001, 256).ShouldBe(1);
        Budget.Tokens(1, 256).ShouldBe(256);
    }

    [Fact]
    public void Random_follows_from_seed_and_image_alone()
    {
        var first = Kept("""{ "keep": 0.5, "seed": 1 }""", image: 1);
        first[0].ShouldBe(first[1]);
        Kept("""{ "keep": 0.5, "seed": 1 }""", image: 1)[0].ShouldBe(first[0]);
        Kept("""{ "keep": 0.5, "seed": 2 }""", image: 1)[0].ShouldNotBe(first[0]);
        Kept("""{ "keep": 0.5, "seed": 1 }""", image: 2)[0].ShouldNotBe(first[0]);
    }

    [Fact]
    public void Random_draws_every_token_about_equally_often()
    {
        var counts = new int[32];
        for (ulong image = 0; image < 400; image++)
        {
            foreach (var token in Kept("""{ "count": 8 }""", image)[0]) counts[token]++;
        }

        // 100 expected each, standard deviation 8.7.
        counts.ShouldAllBe(count => count > 60 && count < 140);
    }

    [Fact]
    public void Random_keeps_the_same_tokens_for_ever() =>
        Kept("""{ "count": 5, "seed": 3 }""", image: 123456789)[0].ShouldBe([5, 17, 21, 23, 25]);

    [Fact]
    public void Uniform_takes_the_middle_of_equal_parts() =>
        Kept("""{ "count": 8 }""", image: 0, "uniform")[0].ShouldBe([2, 6, 10, 14, 18, 22, 26, 30]);

    [Theory]
    [InlineData("fastv2", "{}", "fastv")]
    [InlineData("fastv", "{}", "exactly one of keep, count, average, flops")]
    [InlineData("fastv", """{ "keep": 0.5, "count": 3 }""", "exactly one of keep, count, average, flops")]
    [InlineData("fastv", """{ "keep": 1.5 }""", "keep 1.5")]
    [InlineData("fastv", """{ "keep": 0 }""", "above 0")]
    [InlineData("fastv", """{ "keep": 0.5, "layer": 0 }""", "at least 1")]
    [InlineData("fastv", """{ "keep": 0.5, "layer": 1.5 }""", "layer")]
    [InlineData("fastv", """{ "keep": 0.5, "query_row": "middle" }""", "query_row")]
    [InlineData("uniform", """{ "keep": 0.5, "seed": 1 }""", "seed")]
    [InlineData("none", """{ "keep": 0.5 }""", "keep")]
    public void A_setting_that_is_wrong_is_named(string method, string settings, string message) =>
        Should.Throw<ArgumentException>(() => Create(method, settings)).Message.ShouldContain(message);

    [Fact]
    public void A_count_beyond_the_image_is_refused_for_that_model() =>
        Should.Throw<ArgumentException>(() => Create("uniform", """{ "count": 33 }""").Plan(golden.Shape(32))).Message.ShouldContain("32 visual tokens");

    [Fact]
    public void Schemas_describe_every_parameter()
    {
        PruningMethods.Schemas.Select(schema => schema.Name).ShouldBeUnique();
        var fastv = PruningMethods.Schemas.Single(schema => schema.Name == "fastv");
        fastv.ExactlyOneOf.ShouldHaveSingleItem().ShouldBe(["keep", "count", "average", "flops"]);
        var layer = fastv.Parameters.Single(parameter => parameter.Name == "layer");
        (layer.Kind, layer.Minimum, layer.Default).ShouldBe((ParameterKind.Layer, 1.0, "2"));
        var row = fastv.Parameters.Single(parameter => parameter.Name == "query_row");
        row.Choices.ShouldBe(["last_instruction", "seg", "last"]);
        row.Default.ShouldBe("last_instruction");
        var keep = fastv.Parameters.Single(parameter => parameter.Name == "keep");
        (keep.Kind, keep.Minimum, keep.AboveMinimum, keep.Maximum, keep.Default).ShouldBe((ParameterKind.Ratio, 0.0, true, 1.0, null));
        PruningMethods.Schemas.SelectMany(schema => schema.Parameters).ShouldAllBe(parameter => parameter.Summary.Length > 0);
    }

    public void Dispose()
    {
        recording.Dispose();
        golden.Dispose();
    }

    private static IPruningMethod Create(string method, string settings) =>
        PruningMethods.Create(new VariantSpec(method, method, JsonNode.Parse(settings)!.AsObject().ToDictionary(pair => pair.Key, pair => pair.Value!), ""));

    private PrunedSequence Run(Batch batch, string method, string settings, ulong image = 0) =>
        PruningExecutor.Run(golden.Model, batch.Embeddings, batch.Layout, Create(method, settings).Plan(golden.Shape(batch.Layout.VisualTokens)), new ImageEvidence(image));

    /// <summary>Tokens kept of 32 in a batch of two, without running a model.</summary>
    private long[][] Kept(string settings, ulong image, string method = "random")
    {
        using var scope = NewDisposeScope();
        var step = Create(method, settings).Plan(golden.Shape(32)).Single();
        var selection = step.Select(new PruningContext
        {
            Layer = 0,
            Hidden = zeros([2, 40, 8]),
            Positions = arange(0, 40, ScalarType.Int64).unsqueeze(0),
            Layout = new SequenceLayout(4, 32, [new SequenceRow(40, 38, [39]), new SequenceRow(40, 38, [39])]),
            Tokens = arange(0, 32, ScalarType.Int64).unsqueeze(0).expand(2, 32),
            VisualEmbeddings = zeros([2, 32, 8]),
            Image = new ImageEvidence(image),
        });
        return [.. Enumerable.Range(0, 2).Select(row => selection.Tokens[row].data<long>().ToArray())];
    }
}
