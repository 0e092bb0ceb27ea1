using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;
using Pipeline.Evaluation;
using Pipeline.Evaluation.ReasonSeg;
using Pipeline.GpuWorker.Tests.Fakes;
using Pipeline.Segmentation.Images;

namespace Pipeline.GpuWorker.Tests.Shards;

public sealed class ShardRunnerTests : IAsyncDisposable
{
    private readonly ScriptedModel model = new();
    private readonly Workbench bench;

    public ShardRunnerTests() => bench = new Workbench(model);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_sample_expression_and_variant_has_one_prediction_in_manifest_order()
    {
        var two = bench.FileSample("b", new Expression("one", false, null), new Expression("two", true, null));

        var predictions = await bench.RunAsync(two, bench.FileSample("a"), bench.FileSample("c"));

        predictions.Select(p => $"{p.Sample}{p.Expression}{p.Variant}").ShouldBe(["b00", "b01", "b10", "b11", "a00", "a01", "c00", "c01"]);
        predictions.ShouldAllBe(p => p.Failure == null && p.Mask!.Area == 50 && p.Tflops > 0);
        model.Encoded.ShouldBe(3);
        model.Live.ShouldBe(0);
    }

    [Fact]
    public async Task All_expressions_of_an_image_are_one_batch_per_variant()
    {
        var expressions = Enumerable.Range(0, 5).Select(i => new Expression($"part {i}", false, null)).ToArray();

        await bench.RunAsync(bench.FileSample("a", expressions));

        model.Batches.ShouldBe([5, 5]);
    }

    [Fact]
    public async Task The_result_says_whose_it_is()
    {
        var shard = await bench.PlanAsync([bench.FileSample("a")], shard: 7);

        var result = await bench.Runner.RunAsync(shard, _ => Task.CompletedTask, CancellationToken.None, Token);

        (result.Job, result.Shard, result.Attempt, result.Worker).ShouldBe((shard.Job, 7, 1, "bench"));
        result.CodeVersion.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_generated_answer_is_kept_with_its_masks_and_one_without_a_mask_is_measured_as_empty()
    {
        bench.Answer = ModelSpec.Generate;
        var truth = new MaskSource { Rle = Rle.FromBox(0, 0, 5, 10, 10, 20) };
        var sample = bench.FileSample("a", new("nothing", false, truth), new("one!", false, truth), new("two!!", true, truth));

        var predictions = (await bench.RunAsync(sample)).Where(p => p.Variant == 0).ToList();

        predictions.Select(p => p.Answer!.Masks).ShouldBe([0, 1, 2]);
        predictions.ShouldAllBe(p => p.Answer!.Text == "12 tokens" && p.Answer.Tokens == 12);
        predictions.Select(p => p.Mask!.Area).ShouldBe([0, 50, 50]);
        predictions.Select(p => p.Overlap!).ShouldBe([new(0, 50), new(50, 50), new(50, 50)]);
        predictions.Select(p => p.Answer!.Parts?.Count).ShouldBe([null, null, 2]);
    }

    [Fact]
    public async Task A_job_that_keeps_no_masks_keeps_none_of_an_answers_either()
    {
        (bench.Answer, bench.Outputs) = (ModelSpec.Generate, new OutputSpec { Masks = "none" });

        var predictions = await bench.RunAsync(bench.FileSample("a", new Expression("two!!", false, null)));

        predictions.ShouldAllBe(p => p.Mask == null && p.Answer!.Parts == null && p.Answer.Masks == 2);
    }

    [Fact]
    public async Task Progress_counts_samples_in_order()
    {
        var shard = await bench.PlanAsync([bench.FileSample("a"), bench.FileSample("b"), bench.FileSample("c")]);
        var seen = new List<int>();

        await bench.Runner.RunAsync(shard, done => Task.Run(() => seen.Add(done)), CancellationToken.None, Token);

        seen.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Time_shared_by_predictions_is_divided_among_them()
    {
        var predictions = await bench.RunAsync(bench.FileSample("a", new Expression("one", false, null), new Expression("two", false, null)));

        predictions.Select(p => p.LlmMilliseconds).ShouldAllBe(time => time == 2);
        predictions.Select(p => p.TotalMilliseconds).Distinct().ShouldHaveSingleItem().ShouldBeGreaterThan(3);
    }

    [Fact]
    public async Task Pixels_labelled_255_beside_an_object_are_left_out_of_the_overlap()
    {
        var truth = new byte[200];
        for (var pixel = 0; pixel < truth.Length; pixel++)
        {
            truth[pixel] = (pixel % 20) switch { < 3 => 1, < 5 => 255, _ => 0 };
        }

        var predictions = await bench.RunAsync(bench.FileSample("a", Masked("truth.png", 20, 10, truth)));

        predictions.ShouldAllBe(p => p.Overlap == new MaskOverlap(30, 30));
    }

    [Fact]
    public async Task White_in_a_file_of_two_values_is_the_object()
    {
        var truth = new byte[200];
        for (var pixel = 0; pixel < truth.Length; pixel++)
        {
            truth[pixel] = pixel % 20 < 4 ? (byte)255 : (byte)0;
        }

        var predictions = await bench.RunAsync(bench.FileSample("a", Masked("truth.png", 20, 10, truth)));

        predictions.ShouldAllBe(p => p.Overlap == new MaskOverlap(40, 50));
    }

    [Fact]
    public async Task A_run_length_mask_is_compared_too()
    {
        var truth = new MaskSource { Rle = Rle.FromBox(0, 0, 10, 10, 10, 20) };

        var predictions = await bench.RunAsync(bench.FileSample("a", new Expression("left half", false, truth)));

        predictions.ShouldAllBe(p => p.Overlap == new MaskOverlap(50, 100));
    }

    /// <summary>The picture is red in columns 0 to 4 of 20, which is what the model answers.</summary>
    [Fact]
    public async Task Ignored_and_overlapped_pixels_of_a_run_length_mask_count_as_in_LISA()
    {
        var truth = new MaskSource
        {
            Rle = Rle.FromBox(0, 0, 4, 10, 10, 20),
            Ignored = Rle.FromBox(4, 0, 1, 5, 10, 20),
            Overlapped = Rle.FromBox(0, 0, 1, 10, 10, 20),
        };

        var predictions = await bench.RunAsync(bench.FileSample("a", new Expression("red", false, truth)));

        // Of 50 predicted pixels 5 are ignored, 10 are of neither class, 30 hit; 30 are true.
        predictions.ShouldAllBe(p => p.Overlap == new MaskOverlap(30, 45));
    }

    [Fact]
    public async Task Polygons_are_drawn_at_the_size_of_the_image()
    {
        ReasonSegShape[] shapes = [new("target", [(0, 0), (3, 0), (3, 9), (0, 9)]), new("ignore", [(4, 0), (4, 4)])];

        var predictions = await bench.RunAsync(bench.FileSample("a", new Expression("red", true, new MaskSource { Shapes = shapes })));

        predictions.ShouldAllBe(p => p.Overlap == new MaskOverlap(40, 45));
    }

    [Fact]
    public async Task An_overlay_is_stored_for_the_samples_named_and_is_at_most_512_pixels()
    {
        var large = bench.FileSample("large") with
        {
            Image = new ImageSource { Path = bench.Write("wide.png", ImageCodec.EncodePng(Workbench.Picture(1000, 500, red: 100))) },
        };
        bench.OverlaySamples = ["large", "small"];

        var predictions = await bench.RunAsync(large, bench.FileSample("small"), bench.FileSample("other"));

        var wide = await OverlayAsync("large");
        (wide.Width, wide.Height).ShouldBe((512, 256));
        var small = await OverlayAsync("small");
        (small.Width, small.Height).ShouldBe((20, 10));
        var shard = await bench.PlanAsync([bench.FileSample("x")]);
        (await bench.Store.ExistsAsync(ArtifactNames.Overlay(shard.Job, "other", "jpg"), Token)).ShouldBeFalse();
        predictions.Count.ShouldBe(6);
    }

    [Fact]
    public async Task Masks_as_PNG_hold_the_pixels_of_the_run_lengths()
    {
        bench.Outputs = new OutputSpec { Masks = "png" };
        var shard = await bench.PlanAsync([bench.FileSample("a")]);

        var result = await bench.Runner.RunAsync(shard, _ => Task.CompletedTask, CancellationToken.None, Token);

        foreach (var prediction in result.Predictions)
        {
            var name = ArtifactNames.Mask(shard.Job, prediction.Variant, "a", 0);
            var (width, height, values) = ImageCodec.DecodeGray(await bench.ReadAsync(name), name);
            (width, height).ShouldBe((20, 10));
            values.Select(value => value == 0 ? (byte)0 : (byte)1).ShouldBe(prediction.Mask!.Decode());
        }
    }

    [Fact]
    public async Task A_job_that_keeps_no_masks_keeps_their_overlaps()
    {
        bench.Outputs = new OutputSpec { Masks = "none" };
        var truth = new MaskSource { Rle = Rle.FromBox(0, 0, 5, 10, 10, 20) };

        var predictions = await bench.RunAsync(bench.FileSample("a", new Expression("red", false, truth)));

        predictions.ShouldAllBe(p => p.Mask == null && p.Overlap == new MaskOverlap(50, 50));
    }

    public ValueTask DisposeAsync() => bench.DisposeAsync();

    private Expression Masked(string file, int width, int height, byte[] values) =>
        new("masked", false, new MaskSource { Path = bench.Write(file, GrayPng.Encode(width, height, values)) });

    private async Task<RgbImage> OverlayAsync(string sample)
    {
        var shard = await bench.PlanAsync([bench.FileSample("y")]);
        var name = ArtifactNames.Overlay(shard.Job, sample, "jpg");
        return ImageCodec.Decode(await bench.ReadAsync(name), name);
    }
}
