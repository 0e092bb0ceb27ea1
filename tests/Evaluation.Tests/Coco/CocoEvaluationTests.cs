using Pipeline.Evaluation.Coco;

namespace Pipeline.Evaluation.Tests.Coco;

public sealed class CocoEvaluationTests
{
    private const int Side = 200;

    [Fact]
    public void Without_anything_every_number_is_minus_one() => Statistics([], []).ShouldAllBe(value => value == -1);

    [Fact]
    public void Without_detections_there_is_something_to_find_and_nothing_found()
    {
        var numbers = Statistics([Truth(1, 10, 10, 40, 40)], []);
        Named(numbers, "AP").ShouldBe(0);
        Named(numbers, "AR_100").ShouldBe(0);
        Named(numbers, "AP_medium").ShouldBe(0);
        Named(numbers, "AP_small").ShouldBe(-1);
    }

    [Fact]
    public void Detections_without_any_truth_are_not_scored() => Statistics([], [Detection(0.5, 10, 10, 40, 40)]).ShouldAllBe(value => value == -1);

    [Theory]
    [InlineData(CocoIouType.Segm)]
    [InlineData(CocoIouType.Bbox)]
    public void A_detection_that_is_the_truth_is_perfect(CocoIouType type)
    {
        var numbers = Statistics([Truth(1, 10, 10, 40, 40)], [Detection(0.5, 10, 10, 40, 40)], type);
        foreach (var name in (string[])["AP", "AP50", "AP75", "AP_medium", "AR_1", "AR_100", "AR_medium"])
            Named(numbers, name).ShouldBe(1, 1e-12, name);
    }

    [Fact]
    public void A_detection_counts_at_the_thresholds_its_IoU_reaches()
    {
        // 40 x 28 of 40 x 40: IoU 0.7, so 5 of 10 thresholds.
        var numbers = Statistics([Truth(1, 0, 0, 40, 40)], [Detection(0.5, 0, 0, 40, 28)]);
        Named(numbers, "AP50").ShouldBe(1, 1e-12);
        Named(numbers, "AP75").ShouldBe(0);
        Named(numbers, "AR_100").ShouldBe(0.5, 1e-12);
    }

    [Fact]
    public void A_truth_is_found_once_and_the_second_detection_of_it_is_wrong()
    {
        CocoTruth[] truths = [Truth(1, 0, 0, 40, 40), Truth(2, 100, 100, 40, 40)];
        var numbers = Statistics(truths, [Detection(0.9, 0, 0, 40, 40), Detection(0.8, 0, 0, 40, 40), Detection(0.7, 100, 100, 40, 40)]);
        // Right, wrong, right: precision 1 up to half of the recall, then 2/3; 51 of 101 recalls are at most a half.
        Named(numbers, "AP").ShouldBe((51 + 50 * 2 / 3.0) / 101, 1e-12);
    }

    [Fact]
    public void Equal_scores_keep_the_order_of_the_file()
    {
        CocoTruth[] truths = [Truth(1, 0, 0, 40, 40)];
        CocoDetection right = Detection(0.5, 0, 0, 40, 40), wrong = Detection(0.5, 100, 100, 40, 40);
        Named(Statistics(truths, [right, wrong]), "AP").ShouldBe(1, 1e-12);
        Named(Statistics(truths, [wrong, right]), "AP").ShouldBe(0.5, 1e-12);
    }

    [Fact]
    public void Detections_inside_a_crowd_count_neither_for_nor_against()
    {
        CocoTruth[] truths = [Truth(1, 0, 0, 40, 40), Truth(2, 100, 100, 90, 90) with { IsCrowd = true }];
        CocoDetection[] detections = [Detection(0.9, 100, 100, 30, 30), Detection(0.8, 150, 150, 30, 30), Detection(0.7, 0, 0, 40, 40)];
        Named(Statistics(truths, detections), "AP").ShouldBe(1, 1e-12);
        Named(Statistics([truths[0]], detections), "AP").ShouldBe(1 / 3.0, 1e-12);
    }

    [Fact]
    public void A_crowd_alone_is_nothing_to_find() =>
        Statistics([Truth(1, 0, 0, 40, 40) with { IsCrowd = true }], [Detection(0.9, 0, 0, 40, 40)]).ShouldAllBe(value => value == -1);

    [Fact]
    public void Both_ends_of_an_area_range_belong_to_it()
    {
        var numbers = Statistics([Truth(1, 0, 0, 32, 32)], [Detection(0.9, 0, 0, 32, 32)]);
        Named(numbers, "AP_small").ShouldBe(1, 1e-12);
        Named(numbers, "AP_medium").ShouldBe(1, 1e-12);
        Named(numbers, "AP_large").ShouldBe(-1);
    }

    [Fact]
    public void An_unmatched_detection_of_another_size_does_not_count_in_an_area_range()
    {
        var numbers = Statistics([Truth(1, 0, 0, 20, 20)], [Detection(0.9, 60, 60, 100, 100), Detection(0.8, 0, 0, 20, 20)]);
        Named(numbers, "AP_small").ShouldBe(1, 1e-12);
        Named(numbers, "AP").ShouldBe(0.5, 1e-12);
    }

    [Fact]
    public void A_truth_that_counts_is_preferred_to_one_that_does_not()
    {
        // The detection lies in the crowd entirely, and matches the truth at 0.7 only.
        CocoTruth[] truths = [Truth(1, 0, 0, 100, 100) with { IsCrowd = true }, Truth(2, 0, 0, 40, 40)];
        Named(Statistics(truths, [Detection(0.9, 0, 0, 40, 28)]), "AR_100").ShouldBe(0.5, 1e-12);
    }

    [Fact]
    public void The_hundred_surest_detections_of_an_image_are_looked_at()
    {
        var wrong = Enumerable.Range(0, 100).Select(i => Detection(0.9, i, 100, 10, 10));
        Named(Statistics([Truth(1, 0, 0, 40, 40)], [.. wrong, Detection(0.1, 0, 0, 40, 40)]), "AR_100").ShouldBe(0);
        Named(Statistics([Truth(1, 0, 0, 40, 40)], [.. wrong.Skip(1), Detection(0.1, 0, 0, 40, 40)]), "AR_100").ShouldBe(1, 1e-12);
    }

    [Fact]
    public void A_category_without_truths_does_not_lower_the_mean()
    {
        var accuracy = CocoEvaluation.Run([Truth(1, 0, 0, 40, 40)], [Detection(0.9, 0, 0, 40, 40)], new CocoQuestion([7], [3, 4], CocoIouType.Segm));
        accuracy.Categories.ShouldBe(2);
        accuracy.Statistics[0].Value.ShouldBe(1, 1e-12);
    }

    [Fact]
    public void Without_categories_an_object_is_found_under_any_name()
    {
        CocoDetection[] detections = [Detection(0.9, 0, 0, 40, 40) with { Category = 4 }];
        CocoEvaluation.Run([Truth(1, 0, 0, 40, 40)], detections, new CocoQuestion([7], [3, 4], CocoIouType.Segm)).Statistics[0].Value.ShouldBe(0);
        CocoEvaluation.Run([Truth(1, 0, 0, 40, 40)], detections, new CocoQuestion([7], [3, 4], CocoIouType.Segm, UseCategories: false)).Statistics[0].Value.ShouldBe(1, 1e-12);
    }

    [Fact]
    public void As_in_pycocotools_a_truth_with_id_zero_is_never_found() =>
        Named(Statistics([Truth(0, 0, 0, 40, 40)], [Detection(0.9, 0, 0, 40, 40)]), "AP").ShouldBe(0);

    [Fact]
    public void The_lines_are_those_that_pycocotools_prints()
    {
        var accuracy = CocoEvaluation.Run([Truth(1, 0, 0, 40, 40)], [Detection(0.9, 0, 0, 40, 28)], new CocoQuestion([7], [3], CocoIouType.Segm));
        accuracy.Statistics[0].Line.ShouldBe(" Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = 0.500");
        accuracy.Statistics[2].Line.ShouldBe(" Average Precision  (AP) @[ IoU=0.75      | area=   all | maxDets=100 ] = 0.000");
        accuracy.Statistics[6].Line.ShouldBe(" Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets=  1 ] = 0.500");
        accuracy.Statistics[9].Line.ShouldBe(" Average Recall     (AR) @[ IoU=0.50:0.95 | area= small | maxDets=100 ] = -1.000");
    }

    private static double Named(double[] numbers, string name) =>
        numbers[Array.IndexOf(["AP", "AP50", "AP75", "AP_small", "AP_medium", "AP_large", "AR_1", "AR_10", "AR_100", "AR_small", "AR_medium", "AR_large"], name)];

    private static double[] Statistics(IReadOnlyList<CocoTruth> truths, IReadOnlyList<CocoDetection> detections, CocoIouType type = CocoIouType.Segm) =>
        [.. CocoEvaluation.Run(truths, detections, new CocoQuestion([7], [3], type)).Statistics.Select(statistic => statistic.Value)];

    private static CocoTruth Truth(long id, int x, int y, int width, int height) => new(id, 7, 3, IsCrowd: false, Region(x, y, width, height));

    private static CocoDetection Detection(double score, int x, int y, int width, int height) => new(7, 3, score, Region(x, y, width, height));

    private static CocoRegion Region(int x, int y, int width, int height) =>
        new(width * height, new CocoBox(x, y, width, height), Rle.FromBox(x, y, width, height, Side, Side));
}
