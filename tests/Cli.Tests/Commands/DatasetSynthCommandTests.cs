using Pipeline.Cli.Commands;
using Pipeline.Contracts.Files;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Synthetic;
using Pipeline.Evaluation;
using Pipeline.GpuWorker.Samples;
using Pipeline.Orchestrator.Planning;
using Pipeline.Segmentation.Images;

namespace Pipeline.Cli.Tests.Commands;

public sealed class DatasetSynthCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly CancellationToken token = TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_png_dataset_has_the_very_pixels_texts_and_masks_of_the_scenes()
    {
        var outcome = await SynthAsync("--count", "7", "--seed", "3", "--size", "96x64", "--out", folder["set"]);

        outcome.Code.ShouldBe(0);
        outcome.Output.ShouldEndWith("manifest.jsonl: 7 images, 21 expressions with masks\n");
        var samples = await ReadAsync("set");
        samples.Count.ShouldBe(7);
        for (var i = 0; i < samples.Count; i++)
        {
            var scene = SyntheticScenes.Render(new SyntheticScene(3, i, 96, 64));
            var image = ImageCodec.Decode(await File.ReadAllBytesAsync(samples[i].Image.Path!, token), "image");
            (image.Width, image.Height).ShouldBe((96, 64));
            image.Pixels.ShouldBe(scene.Rgb);
            samples[i].Expressions.Select(expression => expression.Text).ShouldBe(scene.Expressions.Select(expression => expression.Text));
            samples[i].Expressions.Select(expression => expression.Kind).ShouldBe(scene.Expressions.Select(expression => expression.Kind.ToString().ToLowerInvariant()));
            samples[i].Expressions.Select(expression => expression.Mask!.Rle).ShouldBe(scene.Expressions.Select(expression => expression.Mask));
        }
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_manifest_and_another_seed_another()
    {
        await SynthAsync("--count", "3", "--seed", "1", "--out", folder["a"]);
        await SynthAsync("--count", "3", "--seed", "1", "--out", folder["b"]);
        await SynthAsync("--count", "3", "--seed", "2", "--out", folder["c"]);

        var manifest = await File.ReadAllTextAsync(folder["a/manifest.jsonl"], token);
        (await File.ReadAllTextAsync(folder["b/manifest.jsonl"], token)).ShouldBe(manifest);
        (await File.ReadAllTextAsync(folder["c/manifest.jsonl"], token)).ShouldNotBe(manifest);
        (await File.ReadAllBytesAsync(folder["b/images/scene-0000002.png"], token)).ShouldBe(await File.ReadAllBytesAsync(folder["a/images/scene-0000002.png"], token));
    }

    [Fact]
    public async Task A_split_is_written_with_as_many_expressions_as_asked_for()
    {
        var outcome = await SynthAsync("--count", "2", "--split", "crowded", "--expressions", "12", "--size", "64x64", "--out", folder["set"]);

        outcome.Code.ShouldBe(0);
        outcome.Output.ShouldEndWith("manifest.jsonl: 2 images, 24 expressions with masks\n");
        var sample = (await ReadAsync("set"))[1];
        var scene = SyntheticScenes.Render(new SyntheticScene(0, 1, 64, 64, SyntheticSplit.Crowded), 12);
        ImageCodec.Decode(await File.ReadAllBytesAsync(sample.Image.Path!, token), "image").Pixels.ShouldBe(scene.Rgb);
        sample.Expressions.Select(expression => expression.Text).ShouldBe(scene.Expressions.Select(expression => expression.Text));
    }

    [Fact]
    public async Task Jpeg_files_are_jpeg()
    {
        await SynthAsync("--count", "1", "--images", "jpeg", "--out", folder["set"]);
        var file = await File.ReadAllBytesAsync(folder["set/images/scene-0000000.jpg"], token);
        file[..3].ShouldBe([0xFF, 0xD8, 0xFF]);
        ImageCodec.Decode(file, "image").Width.ShouldBe(256);
    }

    [Fact]
    public async Task A_finished_dataset_is_not_overwritten()
    {
        await SynthAsync("--count", "1", "--out", folder["set"]);
        var outcome = await SynthAsync("--count", "1", "--out", folder["set"]);
        outcome.Code.ShouldBe(2);
        outcome.Error.ShouldContain("manifest.jsonl exists; choose another folder");
    }

    [Fact]
    public async Task An_interrupted_dataset_has_no_manifest()
    {
        var options = new DatasetSynthCommand.Options(100, folder["set"], 0, 64, 64, "manifest", null, SyntheticSplit.Heldout, 3);
        await Should.ThrowAsync<OperationCanceledException>(() => DatasetSynthCommand.ExecuteAsync(options, TextWriter.Null, new CancellationToken(canceled: true)));
        File.Exists(folder["set/manifest.jsonl"]).ShouldBeFalse();
    }

    [Theory]
    [InlineData("refcoco", "refcoco/refs(unc).p: 4 images, 24 expressions with masks\n", 4)]
    [InlineData("coco", "annotations/instances_val.json: 4 images, 24 expressions with masks\n", 4)]
    [InlineData("reasonseg", "val: 4 images, 24 expressions with masks\n", 24)]
    public async Task Every_layout_is_read_back_with_the_texts_and_masks_of_the_scenes(string format, string ending, int samples)
    {
        var outcome = await SynthAsync("--count", "4", "--seed", "5", "--size", "128x96", "--expressions", "6", "--split", "crowded", "--format", format, "--out", folder["set"]);

        outcome.Code.ShouldBe(0);
        outcome.Output.ShouldEndWith(ending);
        var read = await DatasetReaders.ReadAsync(Dataset(format), DataRoots.Everywhere, token).ToListAsync(token);
        read.Count.ShouldBe(samples);
        read.Select(sample => sample.Id).Distinct().Count().ShouldBe(samples);
        read.ShouldAllBe(sample => sample.ContentHash != null);
        var expected = Enumerable.Range(0, 4)
            .SelectMany(i => SyntheticScenes.Render(new SyntheticScene(5, i, 128, 96, SyntheticSplit.Crowded), 6).Expressions.Select(expression => $"{i} {expression.Text} {expression.Mask.Counts}"));
        var perImage = samples / 4;
        read.SelectMany((sample, i) => sample.Expressions.Select(expression => $"{i / perImage} {expression.Text} {Rle.Encode(TruthMask.Read(expression.Mask!, 128, 96, "image", new ImageOptions()), 96, 128).Counts}"))
            .ShouldBe(expected, ignoreOrder: true);
        if (format == "coco")
            read.SelectMany(sample => sample.Expressions).Select(expression => expression.Kind).ShouldBeSubsetOf(["attribute", "size", "superlative", "relation"]);
    }

    [Theory]
    [InlineData("refcoco")]
    [InlineData("coco")]
    [InlineData("reasonseg")]
    public async Task A_layout_that_is_finished_is_not_overwritten_and_an_interrupted_one_is_none(string format)
    {
        var options = new DatasetSynthCommand.Options(100, folder["set"], 0, 64, 64, format, null, SyntheticSplit.Heldout, 3);
        await Should.ThrowAsync<OperationCanceledException>(() => DatasetSynthCommand.ExecuteAsync(options, TextWriter.Null, new CancellationToken(canceled: true)));
        await Should.ThrowAsync<Exception>(() => DatasetReaders.ReadAsync(Dataset(format), DataRoots.Everywhere, token).ToListAsync(token).AsTask());

        (await SynthAsync("--count", "1", "--format", format, "--size", "64x64", "--out", folder["set"])).Code.ShouldBe(0);
        var again = await SynthAsync("--count", "1", "--format", format, "--size", "64x64", "--out", folder["set"]);

        again.Code.ShouldBe(2);
        again.Error.ShouldContain("exists; choose another folder");
    }

    [Theory]
    [InlineData("--count 0", "--count 0 is below 1")]
    [InlineData("--count x", "Cannot parse argument 'x'")]
    [InlineData("--count 1 --size 63x64", "--size 63x64 is not WxH with sides of 64 to 4096")]
    [InlineData("--count 1 --size 64", "--size 64 is not WxH")]
    [InlineData("--count 1 --split crowdet", "--split 'crowdet' is not a split of the synthetic scenes; did you mean 'crowded'?")]
    [InlineData("--count 1 --split test", "use heldout, train, validation, crowded or textures")]
    [InlineData("--count 1 --expressions 0", "--expressions 0 is not 1 to 12")]
    [InlineData("--count 1 --expressions 13", "--expressions 13 is not 1 to 12")]
    [InlineData("--count 1 --images webp", "'webp' not recognized")]
    [InlineData("--count 1 --format cocoo", "--format 'cocoo' is not known; did you mean 'coco'?")]
    [InlineData("--count 1 --format png", "--format 'png' is not known; use --images png")]
    [InlineData("--count 1 --format reasonseg --images png", "--images png: the images of reasonseg are jpeg files")]
    public async Task A_wrong_option_is_refused_before_anything_is_written(string options, string message)
    {
        var outcome = await SynthAsync([.. options.Split(' '), "--out", folder["set"]]);
        outcome.Code.ShouldBe(2);
        outcome.Error.ShouldContain(message);
        Directory.Exists(folder["set"]).ShouldBeFalse();
    }

    private static Task<Terminal.Outcome> SynthAsync(params string[] options) => Terminal.RunAsync(DatasetSynthCommand.Create(), ["synth", .. options]);

    private DatasetSpec Dataset(string format) => format switch
    {
        "reasonseg" => new DatasetSpec("reasonseg") { Path = folder["set"], Split = "val", Texts = "first" },
        "refcoco" => new DatasetSpec("refcoco") { Path = folder["set"], Set = "refcoco", SplitBy = "unc", Split = "val" },
        _ => new DatasetSpec("coco") { Path = folder["set/annotations/instances_val.json"], Images = folder["set/val"] },
    };

    private async Task<List<Sample>> ReadAsync(string name)
    {
        var samples = new List<Sample>();
        await foreach (var sample in ManifestFile.ReadAsync(folder[$"{name}/manifest.jsonl"], token))
            samples.Add(sample);
        return samples;
    }
}
