using System.Diagnostics;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Messages;
using Pipeline.Contracts.Results;
using Pipeline.Evaluation;
using Pipeline.GpuWorker.Tests.Fakes;
using Pipeline.Segmentation.Images;

namespace Pipeline.GpuWorker.Tests.Shards;

/// <summary>What a dataset may ask of a worker, and no more.</summary>
public sealed class LimitTests : IAsyncDisposable
{
    private readonly ScriptedModel model = new();
    private readonly Workbench bench;

    public LimitTests() => bench = new Workbench(model);

    [Fact]
    public async Task An_image_file_with_more_bytes_than_are_read_fails_its_predictions()
    {
        var sample = bench.FileSample("a");
        bench.Images.LargestBytes = (int)new FileInfo(sample.Image.Path!).Length - 1;

        var failure = (await bench.RunAsync(sample))[0].Failure!;

        (failure.Class, failure.Stage).ShouldBe((FaultClass.Poison, "decode"));
        failure.Reason.ShouldBe($"{sample.Image.Path} has {bench.Images.LargestBytes + 1} bytes; at most {bench.Images.LargestBytes} are read (Images:LargestBytes)");
    }

    [Fact]
    public async Task A_sparse_file_of_a_terabyte_is_not_read()
    {
        var path = Path.Combine(bench.Folder, "huge.png");
        using (var file = File.Create(path))
        {
            file.SetLength(1L << 40);
        }

        var predictions = await bench.RunAsync(bench.FileSample("a") with { Image = new ImageSource { Path = path } });

        predictions[0].Failure!.Reason.ShouldStartWith($"{path} has 1099511627776 bytes; at most ");
    }

    [Fact]
    public async Task A_pipe_in_the_place_of_an_image_or_a_mask_is_not_waited_for()
    {
        var pipe = Path.Combine(bench.Folder, "pipe.png");
        using (var mkfifo = Process.Start("mkfifo", pipe))
        {
            await mkfifo.WaitForExitAsync(Workbench.Token);
        }

        var predictions = await bench.RunAsync(
            bench.FileSample("a") with { Image = new ImageSource { Path = pipe } },
            bench.FileSample("b", new Expression("x", false, new MaskSource { Path = pipe })),
            bench.FileSample("c") with { Image = new ImageSource { Path = "/dev/zero" } });

        predictions.ShouldAllBe(p => p.Failure!.Reason.EndsWith("is a device or a pipe; expected a file", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_image_or_mask_with_more_pixels_than_are_read_is_told_by_its_header()
    {
        bench.Images.LargestPixels = 199;
        var mask = new MaskSource { Path = bench.Write("mask.png", GrayPng.Encode(20, 10, new byte[200])) };

        var image = await bench.RunAsync(bench.FileSample("a"));
        bench.Images.LargestPixels = 200;
        var both = await bench.RunAsync(bench.FileSample("b", new Expression("x", false, mask)));
        var larger = bench.Write("larger.png", GrayPng.Encode(21, 10, new byte[210]));
        var truth = await bench.RunAsync(bench.FileSample("c", new Expression("x", false, new MaskSource { Path = larger })));

        image[0].Failure!.Reason.ShouldEndWith("its header says 20x10 pixels; at most 199 pixels are read");
        both.ShouldAllBe(p => p.Failure == null);
        (truth[0].Failure!.Stage, truth[0].Failure!.Reason).ShouldBe(("truth", $"{larger}: its header says 21x10 pixels; at most 200 pixels are read"));
    }

    [Fact]
    public async Task Ten_thousand_expressions_of_one_image_run_in_batches_and_their_masks_do_not_pile_up()
    {
        const int Count = 10_000;
        bench.Variants = [Workbench.Variant("none")];
        bench.Outputs = new OutputSpec { Masks = "none" };
        var path = bench.Write("wide.png", ImageCodec.EncodePng(Workbench.Picture(500, 400, red: 100)));
        var sample = new Sample("many", new ImageSource { Path = path }, null, [.. Enumerable.Range(0, Count).Select(i => new Expression($"part {i}", false, Half(i)))]);
        var most = 0L;
        model.OnSegment = _ => most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false));
        var seen = new List<int>();

        var predictions = (await bench.Runner.RunAsync(
            await bench.PlanAsync([sample, bench.FileSample("last")]), done => { seen.Add(done); return Task.CompletedTask; }, CancellationToken.None, Workbench.Token)).Predictions;

        predictions.Count.ShouldBe(Count + 1);
        predictions.Take(Count).Select(p => (p.Sample, p.Expression)).ShouldBe(Enumerable.Range(0, Count).Select(i => ("many", i)));
        predictions.ShouldAllBe(p => p.Failure == null);
        predictions.Take(Count).Where(p => p.Expression % 2 == 0).ShouldAllBe(p => p.Overlap!.Intersection == p.Overlap.Union);
        seen.ShouldBe([1, 2]);
        model.Batches.Max().ShouldBe(bench.Worker.ExpressionsAtOnce);
        // All truths at once would be 2 GB.
        most.ShouldBeLessThan(1L << 30);
    }

    [Fact]
    public async Task A_part_of_an_image_that_fails_fails_with_its_own_expressions()
    {
        bench.Worker.ExpressionsAtOnce = 2;
        bench.OverlaySamples = ["a"];
        model.OnSegment = expressions =>
        {
            if (expressions.Any(expression => expression.Text == "2"))
            {
                throw new InvalidDataException("cannot be read");
            }
        };

        var predictions = await bench.RunAsync(bench.FileSample("a", [.. Enumerable.Range(0, 5).Select(i => new Expression($"{i}", false, null))]));

        predictions.Where(p => p.Failure is not null).Select(p => (p.Expression, p.Variant)).ShouldBe([(2, 0), (2, 1)]);
        predictions.Select(p => (p.Expression, p.Variant)).ShouldBe(Enumerable.Range(0, 5).SelectMany(e => new[] { (e, 0), (e, 1) }));
        model.Encoded.ShouldBe(3);
    }

    [Fact]
    public async Task A_scene_is_cut_like_any_image()
    {
        bench.Variants = [Workbench.Variant("none")];
        var scene = new SyntheticScene(1, 0, 64, 64);
        var expressions = Contracts.Synthetic.SyntheticScenes.Describe(scene, 5).Expressions.Select(expression => expression.ToExpression(mask: null));
        var sample = new Sample("scene", new ImageSource { Synthetic = scene }, null, [.. expressions]);

        var whole = await bench.RunAsync(sample);
        bench.Worker.ExpressionsAtOnce = 2;
        var cut = await bench.RunAsync(sample);

        PredictionDigest.Of(cut).ToString().ShouldBe(PredictionDigest.Of(whole).ToString());
        cut.ShouldAllBe(p => p.Overlap != null);
    }

    public ValueTask DisposeAsync() => bench.DisposeAsync();

    /// <summary>The red part for even numbers, the rest for odd ones.</summary>
    private static MaskSource Half(int number) => new() { Rle = number % 2 == 0 ? Rle.FromBox(0, 0, 100, 400, 400, 500) : Rle.FromBox(100, 0, 400, 400, 400, 500) };
}
