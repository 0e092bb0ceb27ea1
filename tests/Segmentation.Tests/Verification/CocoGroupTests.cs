using Pipeline.Segmentation.Tests.Images;

namespace Pipeline.Segmentation.Tests.Verification;

public sealed class CocoGroupTests
{
    [Fact]
    public void Every_reference_value_passes_exactly()
    {
        var rows = GoldenCopy.Verify("coco");
        rows.ShouldAllBe(row => row.Passed && row.MaxAbsError == 0);
        foreach (var name in (string[])["masks.flat", "polygons.json merged", "iou.json box_iou", "cocoeval_expected.json segm_useCats0", "segm.precision", "segm_scores_all_1_cat1.recall"])
            rows.Select(row => row.Tensor).ShouldContain(name);
    }

    [Theory]
    [InlineData("dt.json", "\"score\": 0.84", "\"score\": 0.01", "segm.precision")]
    [InlineData("bbox_rle.json", "T2n0R1", "T2n0R2", "bbox_rle.json")]
    [InlineData("polygons.json", "72.0", "71.0", "polygons.json rles")]
    public void A_changed_value_fails(string file, string right, string wrong, string row)
    {
        var rows = GoldenCopy.Verify("coco", folder =>
        {
            var path = Path.Combine(folder, file);
            var text = File.ReadAllText(path);
            var at = text.IndexOf(right, StringComparison.Ordinal);
            File.WriteAllText(path, string.Concat(text.AsSpan(0, at), wrong, text.AsSpan(at + right.Length)));
        });
        rows.Where(entry => !entry.Passed).Select(entry => entry.Tensor).ShouldContain(row);
    }

    [Fact]
    public void A_setting_that_is_not_known_is_a_failed_row()
    {
        var rows = GoldenCopy.Verify("coco", folder =>
        {
            var path = Path.Combine(folder, "cocoeval_expected.json");
            File.WriteAllText(path, File.ReadAllText(path).Replace("segm_useCats0", "keypoints", StringComparison.Ordinal));
        });
        rows.Single(row => !row.Passed).Message.ShouldContain("'keypoints' is no known setting");
    }
}
