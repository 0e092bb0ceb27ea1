using System.Text.Json;
using Pipeline.Evaluation.Coco;

namespace Pipeline.Evaluation.Tests.Coco;

public sealed class CocoGoldenTests
{
    private static readonly string[] Names = ["AP", "AP50", "AP75", "AP_small", "AP_medium", "AP_large", "AR_1", "AR_10", "AR_100", "AR_small", "AR_medium", "AR_large"];

    [Theory]
    [InlineData("segm", CocoIouType.Segm)]
    [InlineData("bbox", CocoIouType.Bbox)]
    [InlineData("segm_cat1", CocoIouType.Segm, 1L)]
    [InlineData("segm_useCats0", CocoIouType.Segm, null, false)]
    [InlineData("segm_scores_all_1", CocoIouType.Segm, null, true, true)]
    [InlineData("segm_scores_all_1_cat1", CocoIouType.Segm, 1L, true, true)]
    public void The_twelve_numbers_are_pycocotools_to_the_last_bit(string name, CocoIouType type, long? category = null, bool useCategories = true, bool sameScores = false)
    {
        var accuracy = Evaluate(type, category, useCategories, sameScores);
        accuracy.Statistics.Select(statistic => statistic.Name).ShouldBe(Names);
        var expected = Golden.Json("coco/cocoeval_expected.json").GetProperty(name);
        accuracy.Statistics.Select(statistic => statistic.Value).ShouldBe(Names.Select(key => expected.GetProperty(key).GetDouble()));
    }

    [Theory]
    [InlineData("segm", null, false)]
    [InlineData("segm_scores_all_1_cat1", 1L, true)]
    public void Precision_and_recall_are_pycocotools_tensors_to_the_last_bit(string name, long? category, bool sameScores)
    {
        var accuracy = Evaluate(CocoIouType.Segm, category, useCategories: true, sameScores);
        var tensors = Golden.Tensors("coco/io.safetensors");
        accuracy.Precision.ShouldBe(tensors.Doubles($"{name}.precision").ToArray());
        accuracy.Recall.ShouldBe(tensors.Doubles($"{name}.recall").ToArray());
    }

    [Fact]
    public void Polygons_become_pycocotools_masks()
    {
        var cases = Golden.Json("coco/polygons.json").EnumerateArray().ToArray();
        cases.Length.ShouldBe(60);
        foreach (var (i, entry) in cases.Index())
        {
            var size = entry.GetProperty("size");
            var parts = entry.GetProperty("segmentation").Deserialize<double[][]>()!.Select(points => Rle.FromPolygon(points, size[0].GetInt32(), size[1].GetInt32())).ToArray();
            parts.Select(part => part.Counts).ShouldBe(entry.GetProperty("rles").Deserialize<string[]>()!, $"case {i}");
            Rle.Union(parts).Counts.ShouldBe(entry.GetProperty("merged").GetString(), $"case {i}");
            Rle.Union(parts).Area.ShouldBe(entry.GetProperty("area").GetInt64(), $"case {i}");
        }
    }

    [Fact]
    public void IoU_of_boxes_is_pycocotools()
    {
        var golden = Golden.Json("coco/iou.json");
        var crowd = golden.GetProperty("box_iscrowd").EnumerateArray().Select(flag => flag.GetInt32() != 0).ToArray();
        var matrix = CocoBox.IouMatrix(Boxes(golden, "dt_boxes"), Boxes(golden, "gt_boxes"), crowd);
        matrix.Cast<double>().ShouldBe(golden.GetProperty("box_iou").Deserialize<double[][]>()!.SelectMany(row => row));
    }

    private static CocoAccuracy Evaluate(CocoIouType type, long? category, bool useCategories, bool sameScores)
    {
        var truth = CocoInstances.Read(Golden.File("coco/gt.json"), type);
        var detections = CocoResults.Read(Golden.File("coco/dt.json"), truth, type);
        if (sameScores)
            detections = [.. detections.Select(detection => detection with { Score = 1 })];
        long[] categories = category is { } only ? [only] : [.. truth.Categories.Keys];
        return CocoEvaluation.Run(truth.Truths, detections, new CocoQuestion([.. truth.Images.Keys], categories, type, useCategories));
    }

    private static CocoBox[] Boxes(JsonElement golden, string name) =>
        [.. golden.GetProperty(name).Deserialize<double[][]>()!.Select(box => new CocoBox(box[0], box[1], box[2], box[3]))];
}
