using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Pipeline.Evaluation;
using Pipeline.Evaluation.Coco;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Verification;

/// <summary>Group <c>coco</c>: run-length encoding, polygons, IoU, and COCOeval with its tensors. All exact but precision and recall, 1e-12.</summary>
internal sealed partial class CocoGroup : IGoldenGroup
{
    private const double Tolerance = 1e-12;

    private static readonly string[] Statistics = ["AP", "AP50", "AP75", "AP_small", "AP_medium", "AP_large", "AR_1", "AR_10", "AR_100", "AR_small", "AR_medium", "AR_large"];

    public string Name => "coco";

    public void Verify(GoldenFolder golden)
    {
        golden.Guard(["masks.hw", "masks.offset", "masks.flat", "rle.json"], () => Masks(golden));
        Json(golden, "polygons.json", Polygons);
        Json(golden, "bbox_rle.json", Boxes);
        Json(golden, "iou.json", Overlaps);
        Json(golden, "cocoeval_expected.json", Summaries);
        foreach (var tensor in golden.Expected().Names.Where(name => name.EndsWith(".precision", StringComparison.Ordinal)))
            golden.Compare(tensor, Tolerance, () => Of(golden, tensor, accuracy => accuracy.Precision));
        foreach (var tensor in golden.Expected().Names.Where(name => name.EndsWith(".recall", StringComparison.Ordinal)))
            golden.Compare(tensor, Tolerance, () => Of(golden, tensor, accuracy => accuracy.Recall));
    }

    private static void Masks(GoldenFolder golden)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(golden.File("rle.json")));
        var cases = document.RootElement.EnumerateArray().ToList();
        var stored = cases.Select(entry => entry.Deserialize<Rle>()!).ToList();
        golden.Compare("masks.hw", 0, () => tensor(stored.SelectMany(mask => new long[] { mask.Height, mask.Width }).ToArray()).reshape(-1, 2));
        golden.Compare("masks.offset", 0, () => tensor(Offsets(stored)));
        golden.Compare("masks.flat", 0, () => tensor(stored.SelectMany(mask => mask.Decode()).ToArray()));
        var flat = golden.Expected().Weights.Get("masks.flat").to(ScalarType.Byte).contiguous().bytes.ToArray();
        var offsets = Offsets(stored);
        var encoded = stored.Select((mask, i) => Rle.Encode(flat.AsSpan((int)offsets[i], mask.Height * mask.Width), mask.Height, mask.Width)).ToList();
        golden.Equal("rle.json counts", [.. stored.Select(mask => mask.Counts)], () => [.. encoded.Select(mask => mask.Counts)]);
        golden.Equal("rle.json uncompressed", [.. cases.Select(entry => Line(Integers(entry.GetProperty("uncompressed"))))], () => [.. encoded.Select(mask => Line(mask.ToRuns()))]);
        golden.Equal("rle.json area", [.. cases.Select(entry => entry.GetProperty("area").GetInt64())], () => [.. encoded.Select(mask => mask.Area)]);
        golden.Equal(
            "rle.json bbox",
            [.. cases.Select(entry => Box(entry.GetProperty("bbox")))],
            () => [.. encoded.Select(mask => mask.Bounds).Select(box => new CocoBox(box.X, box.Y, box.Width, box.Height))]);
    }

    private static long[] Offsets(IEnumerable<Rle> masks)
    {
        var offsets = new List<long> { 0 };
        foreach (var mask in masks)
            offsets.Add(offsets[^1] + (long)mask.Height * mask.Width);
        return [.. offsets];
    }

    private static void Polygons(GoldenFolder golden, JsonElement root)
    {
        var cases = root.EnumerateArray().ToList();
        var parts = cases.Select(entry =>
        {
            var size = Integers(entry.GetProperty("size"));
            return entry.GetProperty("segmentation").EnumerateArray().Select(part => Rle.FromPolygon(Numbers(part), size[0], size[1])).ToList();
        }).ToList();
        golden.Equal(
            "polygons.json rles",
            [.. cases.SelectMany(entry => entry.GetProperty("rles").EnumerateArray().Select(text => text.GetString()))],
            () => [.. parts.SelectMany(masks => masks.Select(mask => mask.Counts))]);
        golden.Equal("polygons.json merged", [.. cases.Select(entry => entry.GetProperty("merged").GetString())], () => [.. parts.Select(masks => Rle.Union(masks).Counts)]);
        golden.Equal("polygons.json area", [.. cases.Select(entry => entry.GetProperty("area").GetInt64())], () => [.. parts.Select(masks => Rle.Union(masks).Area)]);
        golden.Equal("polygons.json refer_mask_sum", [.. cases.Select(entry => entry.GetProperty("refer_mask_sum").GetInt64())], () => [.. parts.Select(masks => Rle.Union(masks).Area)]);
    }

    private static void Boxes(GoldenFolder golden, JsonElement root)
    {
        var size = Integers(root.GetProperty("size"));
        golden.Equal(
            "bbox_rle.json",
            [.. root.GetProperty("rles").EnumerateArray().Select(text => text.GetString())],
            () => [.. root.GetProperty("boxes").EnumerateArray().Select(Box).Select(box => Rle.FromBox(box.X, box.Y, box.Width, box.Height, size[0], size[1]).Counts)]);
    }

    private static void Overlaps(GoldenFolder golden, JsonElement root)
    {
        var detections = root.GetProperty("dt").Deserialize<Rle[]>()!;
        var truths = root.GetProperty("gt").Deserialize<Rle[]>()!;
        bool[] crowd = [.. Integers(root.GetProperty("iscrowd")).Select(flag => flag != 0)];
        golden.Equal("iou.json iou", Matrix(root, "iou"), () => [.. Rle.IouMatrix(detections, truths, crowd).Cast<double>()]);
        golden.Equal("iou.json iou_nocrowd", Matrix(root, "iou_nocrowd"), () => [.. Rle.IouMatrix(detections, truths, new bool[truths.Length]).Cast<double>()]);
        var union = root.GetProperty("merge_union").Deserialize<Rle>()!;
        // The files do not say how many of the masks were merged.
        var merged = Enumerable.Range(1, detections.Length).Select(count => detections[..count]).FirstOrDefault(masks => Rle.Union(masks) == union) ?? detections;
        golden.Equal("iou.json merge_union", [union], () => [Rle.Union(merged)]);
        golden.Equal("iou.json merge_intersect", [root.GetProperty("merge_intersect").Deserialize<Rle>()], () => [Rle.Intersection(merged)]);
        golden.Equal(
            "iou.json box_iou",
            Matrix(root, "box_iou"),
            () => [.. CocoBox.IouMatrix(
                [.. root.GetProperty("dt_boxes").EnumerateArray().Select(Box)],
                [.. root.GetProperty("gt_boxes").EnumerateArray().Select(Box)],
                [.. Integers(root.GetProperty("box_iscrowd")).Select(flag => flag != 0)]).Cast<double>()]);
    }

    private static void Summaries(GoldenFolder golden, JsonElement root)
    {
        foreach (var entry in root.EnumerateObject())
        {
            golden.Equal(
                $"cocoeval_expected.json {entry.Name}",
                [.. Statistics.Select(name => entry.Value.GetProperty(name).GetDouble())],
                () => [.. Evaluate(golden, entry.Name).Statistics.Select(statistic => statistic.Value)]);
        }
    }

    private static Tensor Of(GoldenFolder golden, string name, Func<CocoAccuracy, IReadOnlyList<double>> part) =>
        tensor(part(Evaluate(golden, name[..name.LastIndexOf('.')])).ToArray()).reshape(golden.Expected().Weights.Get(name).shape);

    /// <param name="name">What it was made with: <c>segm</c> or <c>bbox</c>, then any of <c>_cat1</c>, <c>_useCats0</c> and <c>_scores_all_1</c>.</param>
    private static CocoAccuracy Evaluate(GoldenFolder golden, string name)
    {
        if (Setting().Match(name) is not { Success: true } setting)
            throw new InvalidDataException($"'{name}' is no known setting; expected segm or bbox, then _cat1, _useCats0 or _scores_all_1");
        var type = setting.Groups["type"].Value == "bbox" ? CocoIouType.Bbox : CocoIouType.Segm;
        var truth = CocoInstances.Read(golden.File("gt.json"), type);
        var detections = CocoResults.Read(golden.File("dt.json"), truth, type);
        if (setting.Groups["flat"].Success)
            detections = [.. detections.Select(detection => detection with { Score = 1 })];
        long[] categories = setting.Groups["category"] is { Success: true } only ? [long.Parse(only.Value, CultureInfo.InvariantCulture)] : [.. truth.Categories.Keys];
        return CocoEvaluation.Run(truth.Truths, detections, new CocoQuestion([.. truth.Images.Keys], categories, type, !setting.Groups["any"].Success));
    }

    private static IReadOnlyList<double> Matrix(JsonElement root, string name) => [.. root.GetProperty(name).EnumerateArray().SelectMany(Numbers)];

    private static CocoBox Box(JsonElement list) => Numbers(list) is [var x, var y, var width, var height]
        ? new CocoBox(x, y, width, height)
        : throw new InvalidDataException("a box is [x, y, width, height]");

    private static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetDouble())];

    private static int[] Integers(JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetInt32())];

    private static string Line(IEnumerable<int> runs) => string.Join(' ', runs);

    private static void Json(GoldenFolder golden, string file, Action<GoldenFolder, JsonElement> verify) => golden.Guard([file], () =>
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(golden.File(file)));
        verify(golden, document.RootElement);
    });

    [GeneratedRegex("^(?<type>segm|bbox)(_cat(?<category>[0-9]{1,9})|(?<any>_useCats0)|(?<flat>_scores_all_1))*$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Setting();
}
