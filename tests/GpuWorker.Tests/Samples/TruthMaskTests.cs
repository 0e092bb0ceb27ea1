using Pipeline.Contracts.Datasets.ReasonSeg;
using Pipeline.Contracts.Files;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;
using Pipeline.Evaluation;
using Pipeline.Evaluation.Tests;
using Pipeline.GpuWorker.Samples;

namespace Pipeline.GpuWorker.Tests.Samples;

/// <summary>Ground truth from a dataset over the manifest slice to the labels that predictions are held to.</summary>
public sealed class TruthMaskTests : IDisposable
{
    private readonly ImageOptions limits = new();
    private readonly string folder = Directory.CreateTempSubdirectory("truth-").FullName;
    private readonly CancellationToken token = TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Annotations_of_ReasonSeg_give_the_masks_of_LISAs_reader()
    {
        var cases = Golden.Json("preprocess/reasonseg_cases.json").EnumerateArray().ToArray();
        Directory.CreateDirectory(Path.Combine(folder, "val"));
        foreach (var (i, entry) in cases.Index())
        {
            File.WriteAllText(Path.Combine(folder, "val", $"{i:D2}.json"), entry.GetProperty("json").GetRawText());
            File.WriteAllText(Path.Combine(folder, "val", $"{i:D2}.jpg"), "");
        }

        var dataset = new DatasetSpec("reasonseg") { Path = folder, Split = "val", Texts = "first" };
        var samples = await SentAsync(await ReasonSegDataset.ReadAsync(dataset, DataRoots.Everywhere, token).ToListAsync(token));

        samples.Count.ShouldBe(12);
        var tensors = Golden.Tensors("preprocess/io.safetensors");
        foreach (var (i, sample) in samples.Index())
        {
            int height = cases[i].GetProperty("hw")[0].GetInt32(), width = cases[i].GetProperty("hw")[1].GetInt32();
            var expression = sample.Expressions.ShouldHaveSingleItem();
            expression.Text.ShouldBe(cases[i].GetProperty("json").GetProperty("text")[0].GetString());
            expression.IsSentence.ShouldBe(cases[i].GetProperty("json").GetProperty("is_sentence").GetBoolean());
            TruthMask.Read(expression.Mask!, width, height, "image", limits).ShouldBe(tensors.Bytes($"reasonseg.mask.{i}").ToArray(), $"case {i}");
        }
    }

    [Fact]
    public async Task Metrics_over_run_lengths_with_ignored_pixels_are_LISAs()
    {
        var tensors = Golden.Tensors("preprocess/io.safetensors");
        var expected = Golden.Json("preprocess/metric_expected.json").GetProperty("all");
        var overlaps = new List<MaskOverlap>();
        for (var i = 0; i < 24; i++)
        {
            var (shape, prediction, labels) = (tensors.Shape($"metric.gt.{i}"), tensors.Bytes($"metric.pred.{i}").ToArray(), tensors.Bytes($"metric.gt.{i}").ToArray());
            int height = shape[1], width = shape[2], pixels = height * width;
            var expressions = labels.Chunk(pixels).Select(mask => new Expression("x", false, MaskLabels.Encode(mask, height, width))).ToArray();
            var sample = (await SentAsync([new Sample($"{i}", new ImageSource { Path = "/x" }, null, expressions)]))[0];
            overlaps.AddRange(sample.Expressions.Zip(prediction.Chunk(pixels), (expression, mask) => MaskOverlap.Measure(mask, TruthMask.Read(expression.Mask!, width, height, "x", limits))));
        }

        overlaps.Average(overlap => overlap.GiouTerm).ShouldBe(expected.GetProperty("giou").GetDouble(), 1e-6);
        MaskOverlap.Ciou(overlaps.Sum(overlap => overlap.Intersection), overlaps.Sum(overlap => overlap.Union)).ShouldBe(expected.GetProperty("ciou").GetDouble(), 1e-6);
    }

    [Fact]
    public void A_mask_of_another_size_than_its_image_is_refused() =>
        Should.Throw<InvalidDataException>(() => TruthMask.Read(new MaskSource { Rle = Rle.Encode(new byte[6], 2, 3) }, 2, 3, "a.jpg", limits)).Message
            .ShouldBe("the mask is 3x2, its image a.jpg is 2x3");

    [Fact]
    public void A_mask_of_nothing_at_all_is_refused() =>
        Should.Throw<InvalidDataException>(() => TruthMask.Read(new MaskSource(), 2, 3, "a.jpg", limits)).Message.ShouldContain("neither run lengths nor polygons nor a file");

    private async Task<IReadOnlyList<Sample>> SentAsync(IReadOnlyList<Sample> samples) =>
        await ManifestSlice.ReadAsync(new MemoryStream(ManifestSlice.Write(samples)), "slice", token);
}
