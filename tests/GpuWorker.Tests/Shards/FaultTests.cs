using System.Security.Cryptography;
using System.Text;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Messages;
using Pipeline.Contracts.Results;
using Pipeline.Evaluation;
using Pipeline.GpuWorker.Shards;
using Pipeline.GpuWorker.Tests.Fakes;

namespace Pipeline.GpuWorker.Tests.Shards;

public sealed class FaultTests : IAsyncDisposable
{
    private readonly ScriptedModel model = new();
    private readonly Workbench bench;

    public FaultTests() => bench = new Workbench(model);

    [Fact]
    public async Task A_broken_image_fails_its_own_predictions_and_the_shard_goes_on()
    {
        var broken = bench.FileSample("broken") with { Image = new ImageSource { Path = bench.Write("cut.png", [0x89, 0x50, 0x4E, 0x47]) } };

        var predictions = await bench.RunAsync(bench.FileSample("a"), broken, bench.FileSample("b"));

        Failed(predictions).ShouldBe(["broken00", "broken01"]);
        predictions.Where(p => p.Failure is not null).ShouldAllBe(p => IsPoison(p.Failure!, "decode", "cut.png"));
    }

    [Fact]
    public async Task A_missing_image_is_a_failed_prediction_that_names_the_file()
    {
        var missing = bench.FileSample("missing") with { Image = new ImageSource { Path = Path.Combine(bench.Folder, "nowhere", "gone.jpg") } };

        var predictions = await bench.RunAsync(missing, bench.FileSample("a"));

        Failed(predictions).ShouldBe(["missing00", "missing01"]);
        predictions.Where(p => p.Failure is not null).ShouldAllBe(p => IsPoison(p.Failure!, "decode", "gone.jpg"));
    }

    [Fact]
    public async Task An_image_that_changed_since_planning_is_not_measured()
    {
        var planned = bench.FileSample("a");
        var before = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("as it was")));
        var after = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(planned.Image.Path!, Workbench.Token)));

        var changed = await bench.RunAsync(planned with { ContentHash = before });
        var same = await bench.RunAsync(planned with { ContentHash = after });

        changed.ShouldAllBe(p => IsPoison(p.Failure!, "decode", "a.png") && p.Failure!.Reason.Contains("changed", StringComparison.Ordinal));
        same.ShouldAllBe(p => p.Failure == null);
    }

    [Fact]
    public async Task A_mask_of_another_size_fails_only_its_expression()
    {
        var small = new MaskSource { Path = bench.Write("small.png", GrayPng.Encode(4, 4, new byte[16])) };

        var predictions = await bench.RunAsync(bench.FileSample("a", new Expression("good", false, null), new Expression("bad", false, small)));

        Failed(predictions).ShouldBe(["a10", "a11"]);
        predictions.Where(p => p.Failure is not null).ShouldAllBe(p => IsPoison(p.Failure!, "truth", "small.png") && p.Failure!.Reason.Contains("4x4", StringComparison.Ordinal));
        model.Batches.ShouldBe([1, 1]);
    }

    [Fact]
    public async Task Unreadable_masks_fail_only_their_expressions()
    {
        var text = new MaskSource { Path = bench.Write("text.png", "no picture"u8.ToArray()) };
        var gone = new MaskSource { Path = Path.Combine(bench.Folder, "gone.png") };
        var damaged = new MaskSource { Rle = new Rle(10, 20, "zzzz") };
        var otherSize = new MaskSource { Rle = Rle.FromBox(0, 0, 1, 1, 5, 5) };

        var predictions = await bench.RunAsync(bench.FileSample(
            "a",
            new Expression("text", false, text),
            new Expression("gone", false, gone),
            new Expression("damaged", false, damaged),
            new Expression("other size", false, otherSize),
            new Expression("good", false, null)));

        Failed(predictions).ShouldBe(["a00", "a01", "a10", "a11", "a20", "a21", "a30", "a31"]);
        predictions.Where(p => p.Failure is not null).ShouldAllBe(p => p.Failure!.Class == FaultClass.Poison && p.Failure.Stage == "truth");
    }

    [Fact]
    public async Task An_image_the_model_cannot_encode_fails_alone()
    {
        model.OnEncode = () =>
        {
            if (model.Encoded == 1)
            {
                throw new InvalidOperationException("conv2d: kernel larger than input");
            }
        };
        var third = bench.FileSample("c");

        // The model fails at every image after the first, so the third must fail like the second: neither stops the shard.
        var predictions = await bench.RunAsync(bench.FileSample("a"), bench.FileSample("b"), third);

        Failed(predictions).ShouldBe(["b00", "b01", "c00", "c01"]);
        predictions.Where(p => p.Failure is not null).ShouldAllBe(p => p.Failure!.Stage == "encode" && p.Failure.Reason.Contains("kernel larger", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_expression_the_model_cannot_bear_fails_alone()
    {
        model.OnSegment = batch =>
        {
            if (batch.Any(expression => expression.Text == "bad"))
            {
                throw new ArgumentException("the prompt is too long");
            }
        };
        var expressions = "one two bad four five".Split(' ').Select(text => new Expression(text, false, null)).ToArray();

        var predictions = await bench.RunAsync(bench.FileSample("a", expressions));

        Failed(predictions).ShouldBe(["a20", "a21"]);
        predictions.Where(p => p.Failure is not null).ShouldAllBe(p => IsPoison(p.Failure!, "language", "a.png"));
        model.Live.ShouldBe(0);
    }

    [Fact]
    public async Task A_batch_that_does_not_fit_is_halved_until_it_does()
    {
        model.OnSegment = batch => FitsUpTo(2, batch.Count);
        var expressions = Enumerable.Range(0, 7).Select(i => new Expression($"part {i}", false, null)).ToArray();
        bench.Variants = [Workbench.Variant("none")];

        var predictions = await bench.RunAsync(bench.FileSample("a", expressions));

        predictions.Count.ShouldBe(7);
        Failed(predictions).ShouldBeEmpty();
        model.Batches.ShouldBe([7, 4, 2, 2, 3, 2, 1]);
    }

    [Fact]
    public async Task A_single_expression_that_does_not_fit_is_a_capacity_fault_of_the_shard()
    {
        model.OnSegment = batch => FitsUpTo(0, batch.Count);

        var fault = await Should.ThrowAsync<ShardException>(() => bench.RunAsync(bench.FileSample("a")));

        (fault.Class, fault.Stage).ShouldBe((FaultClass.Capacity, "infer"));
        model.Live.ShouldBe(0);
    }

    [Fact]
    public async Task A_device_that_misbehaves_fails_the_attempt_not_the_samples()
    {
        model.OnSegment = _ => throw new InvalidOperationException("CUDA error: an illegal memory access was encountered");

        var fault = await Should.ThrowAsync<ShardException>(() => bench.RunAsync(bench.FileSample("a"), bench.FileSample("b")));

        (fault.Class, fault.Stage).ShouldBe((FaultClass.Transient, "infer"));
    }

    [Fact]
    public async Task A_model_that_cannot_be_loaded_fails_the_attempt_in_stage_load()
    {
        await using var bad = new Workbench(_ => throw new InvalidDataException("models/tiny/config.json is missing"));

        var fault = await Should.ThrowAsync<ShardException>(() => bad.RunAsync(bad.FileSample("a")));

        (fault.Class, fault.Stage).ShouldBe((FaultClass.Transient, "load"));
        fault.Message.ShouldContain("config.json");
    }

    [Fact]
    public async Task A_missing_slice_fails_the_attempt_in_stage_load()
    {
        var shard = await bench.PlanAsync([bench.FileSample("a")]);

        var fault = await Should.ThrowAsync<ShardException>(() => bench.Runner.RunAsync(
            shard with { SliceArtifact = "jobs/none/slices/0.jsonl" }, _ => Task.CompletedTask, CancellationToken.None, Workbench.Token));

        (fault.Class, fault.Stage).ShouldBe((FaultClass.Transient, "load"));
    }

    public ValueTask DisposeAsync() => bench.DisposeAsync();

    private static void FitsUpTo(int most, int count)
    {
        if (count > most)
        {
            throw new InvalidOperationException("CUDA out of memory. Tried to allocate 20.00 MiB");
        }
    }

    private static IEnumerable<string> Failed(IReadOnlyList<Prediction> predictions) =>
        predictions.Where(p => p.Failure is not null).Select(p => $"{p.Sample}{p.Expression}{p.Variant}");

    private static bool IsPoison(PredictionFailure failure, string stage, string file) =>
        failure.Class == FaultClass.Poison && failure.Stage == stage && failure.Reason.Contains(file, StringComparison.Ordinal);
}
