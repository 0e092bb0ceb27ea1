using Pipeline.Evaluation;
using Pipeline.Orchestrator.Reports;

namespace Pipeline.Orchestrator.Tests.Reports;

public sealed class MaskStrokesTests
{
    [Fact]
    public void Each_column_of_a_run_is_one_stroke()
    {
        // 3 high, 4 wide: background 1, then a run of 4 over two columns, then the rest.
        var strokes = MaskStrokes.Of(Rle.FromBox(1, 1, 2, 2, 3, 4));

        strokes.ShouldBe(new MaskStrokes("M1.5 1v2M2.5 1v2", 1));
    }

    [Fact]
    public void A_run_through_several_columns_is_cut_at_their_ends() =>
        MaskStrokes.Of(Rle.FromBox(0, 0, 3, 2, 2, 3)).Path.ShouldBe("M0.5 0v2M1.5 0v2M2.5 0v2");

    [Fact]
    public void Runs_in_one_column_follow_each_other()
    {
        var mask = Rle.Union([Rle.FromBox(0, 1, 1, 2, 8, 2), Rle.FromBox(0, 5, 2, 1, 8, 2)]);

        MaskStrokes.Of(mask).Path.ShouldBe("M0.5 1v2m0 2v1M1.5 5v1");
    }

    [Fact]
    public void A_wide_mask_has_no_more_strokes_than_a_picture_can_show()
    {
        var strokes = MaskStrokes.Of(Rle.FromBox(0, 0, 4000, 3000, 3000, 4000));

        strokes.Width.ShouldBe(13);
        strokes.Path.Split('M').Length.ShouldBeLessThanOrEqualTo(321);
    }
}
