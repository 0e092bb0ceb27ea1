using System.Globalization;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Results;
using Pipeline.Contracts.Synthetic;
using Pipeline.GpuWorker.Inference;
using Pipeline.GpuWorker.Tests.Fakes;
using TorchSharp;

namespace Pipeline.GpuWorker.Tests.Shards;

public sealed class TinyModelTests : IClassFixture<TinyModel>, IAsyncDisposable
{
    private const int Seed = 11;

    private readonly Workbench bench;

    public TinyModelTests(TinyModel model)
    {
        bench = new Workbench(LisaImageModel.Load)
        {
            Checkpoint = model.Folder,
            Shape = model.Description.Shape,
            Variants = [Workbench.Variant("none"), Workbench.Variant("random", "keep", 0.25), Workbench.Variant("uniform", "keep", 0.25)],
        };
    }

    [Fact]
    public async Task Scenes_give_masks_overlaps_and_fewer_tokens_where_they_are_pruned()
    {
        var predictions = await bench.RunAsync(Scene(0), Scene(1));

        predictions.Count.ShouldBe((Scene(0).Expressions.Count + Scene(1).Expressions.Count) * 3);
        predictions.ShouldAllBe(p => p.Failure == null && p.Mask!.Width == 96 && p.Mask.Height == 96 && p.Overlap!.Union > 0);
        predictions.Where(p => p.Variant == 0).ShouldAllBe(p => p.VisualTokens.All(tokens => tokens == bench.Shape.VisualTokens));
        predictions.Where(p => p.Variant > 0).Select(p => p.VisualTokens[^1]).ShouldAllBe(tokens => tokens == bench.Shape.VisualTokens / 4);
        predictions.ShouldAllBe(p => p.LlmMilliseconds > 0 && p.TotalMilliseconds > p.LlmMilliseconds);
    }

    [Fact]
    public async Task The_same_shard_twice_gives_the_same_predictions_bit_for_bit()
    {
        var samples = Enumerable.Range(0, 4).Select(Scene).ToArray();

        var first = PredictionDigest.Of(await bench.RunAsync(samples)).ToString();

        PredictionDigest.Of(await bench.RunAsync(samples)).ToString().ShouldBe(first);
    }

    [Fact]
    public async Task Generated_answers_are_the_same_bit_for_bit_whatever_shard_they_are_in()
    {
        bench.Answer = Contracts.Jobs.ModelSpec.Generate;

        var whole = await bench.RunAsync(Scene(0), Scene(1));
        IReadOnlyList<Prediction> cut = [.. await bench.RunAsync(Scene(0)), .. await bench.RunAsync(Scene(1))];

        whole.ShouldAllBe(p => p.Failure == null && p.Answer!.Tokens >= 1 && p.Answer.Tokens <= 12 && p.Overlap != null);
        PredictionDigest.Of(cut).ToString().ShouldBe(PredictionDigest.Of(whole).ToString());
    }

    [Fact]
    public async Task A_sample_has_the_same_predictions_whatever_shard_it_is_in()
    {
        var whole = PredictionDigest.Of(await bench.RunAsync(Scene(0), Scene(1), Scene(2))).ToString();

        IReadOnlyList<Prediction> cut = [.. await bench.RunAsync(Scene(0)), .. await bench.RunAsync(Scene(1), Scene(2))];

        PredictionDigest.Of(cut).ToString().ShouldBe(whole);
    }

    [Fact]
    public async Task Kept_tokens_are_recorded_for_the_samples_the_report_shows_and_change_nothing_else()
    {
        var plain = await bench.RunAsync(Scene(0), Scene(1));
        bench.OverlaySamples = [Scene(1).Id];

        var predictions = await bench.RunAsync(Scene(0), Scene(1));

        PredictionDigest.Of(predictions).ToString().ShouldBe(PredictionDigest.Of(plain).ToString());
        predictions.Where(p => p.Sample == Scene(0).Id).ShouldAllBe(p => p.Stages == null);
        foreach (var prediction in predictions.Where(p => p.Sample == Scene(1).Id))
        {
            var stages = prediction.Stages.ShouldNotBeNull();
            stages[0].FirstLayer.ShouldBe(0);
            foreach (var stage in stages)
            {
                stage.Kept.Count.ShouldBe(prediction.VisualTokens[stage.FirstLayer]);
                stage.Kept.ShouldBe(stage.Kept.Distinct().Order());
                stage.Kept[^1].ShouldBeLessThan(bench.Shape.VisualTokens);
            }
        }
    }

    [Theory]
    [InlineData(SyntheticSplit.Heldout)]
    [InlineData(SyntheticSplit.Crowded)]
    [InlineData(SyntheticSplit.Textures)]
    public async Task A_scene_from_files_gives_the_overlaps_of_the_scene_drawn_on_the_way(SyntheticSplit split)
    {
        var sample = Scene(3, split);
        var scene = SyntheticScenes.Render(sample.Image.Synthetic!);
        var path = bench.Write("scene.png", Segmentation.Images.ImageCodec.EncodePng(new(scene.Width, scene.Height, scene.Rgb)));
        var expressions = scene.Expressions.Select((expression, i) => new Expression(
            expression.Text, false, new MaskSource { Path = bench.Write($"mask{i}.png", GrayPng.Encode(scene.Width, scene.Height, expression.Mask.Decode())) }));

        var drawn = await bench.RunAsync(sample);
        var read = await bench.RunAsync(new Sample(sample.Id, new ImageSource { Path = path }, null, [.. expressions]));

        PredictionDigest.Of(read).ToString().ShouldBe(PredictionDigest.Of(drawn).ToString());
    }

    [Fact]
    public async Task No_tensor_outlives_a_shard()
    {
        await bench.RunAsync(Scene(0));
        var before = await LiveTensorsAsync();

        await bench.RunAsync(Scene(1), Scene(2));

        (await LiveTensorsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task No_tensor_outlives_failed_samples()
    {
        await bench.RunAsync(Scene(0));
        var before = await LiveTensorsAsync();

        var predictions = await bench.RunAsync(
            new Sample("gone", new ImageSource { Path = "/nowhere/gone.png" }, null, [new Expression("a", false, null)]),
            bench.FileSample("forbidden", new Expression("the <image> of a thing", false, null), new Expression("a thing", false, null)));

        predictions.Where(p => p.Failure is not null).Select(p => $"{p.Sample}{p.Expression}{p.Failure!.Stage}").Distinct()
            .ShouldBe(["gone0decode", "forbidden0language"]);
        (await LiveTensorsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task No_tensor_outlives_a_cancelled_shard()
    {
        await bench.RunAsync(Scene(0));
        var before = await LiveTensorsAsync();
        using var cancelled = new CancellationTokenSource();
        var shard = await bench.PlanAsync([.. Enumerable.Range(0, 50).Select(Scene)]);

        await Should.ThrowAsync<OperationCanceledException>(() => bench.Runner.RunAsync(shard, _ => cancelled.CancelAsync(), cancelled.Token, Workbench.Token));

        (await LiveTensorsAsync()).ShouldBe(before);
    }

    public ValueTask DisposeAsync() => bench.DisposeAsync();

    private static Sample Scene(int index) => Scene(index, SyntheticSplit.Heldout);

    private static Sample Scene(int index, SyntheticSplit split)
    {
        var parameters = new SyntheticScene(Seed, index, 96, 96, split);
        var scene = SyntheticScenes.Describe(parameters);
        return new Sample(
            index.ToString("D4", CultureInfo.InvariantCulture),
            new ImageSource { Synthetic = parameters },
            null,
            [.. scene.Expressions.Select(expression => new Expression(expression.Text, false, null))]);
    }

    private Task<long> LiveTensorsAsync() => bench.Thread.RunAsync(() => DisposeScopeManager.Statistics.ThreadTotalLiveCount);
}
