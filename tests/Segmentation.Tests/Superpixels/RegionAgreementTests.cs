using Pipeline.Segmentation.Superpixels;

namespace Pipeline.Segmentation.Tests.Superpixels;

public sealed class RegionAgreementTests
{
    private static readonly LabelMap Halves = Columns(10, 8, 4);

    [Fact]
    public void A_map_agrees_with_itself()
    {
        RegionAgreement.UnderSegmentationError(Halves, Halves).ShouldBe(0);
        RegionAgreement.BoundaryRecall(Halves, Halves, 0).ShouldBe(1);
    }

    [Fact]
    public void Names_of_regions_do_not_matter()
    {
        var renamed = LabelMap.Of(10, 8, [.. Halves.Labels.Select(label => 9 - label)]);
        RegionAgreement.UnderSegmentationError(renamed, Halves).ShouldBe(0);
    }

    [Fact]
    public void Finer_regions_within_the_reference_are_no_error() =>
        RegionAgreement.UnderSegmentationError(Columns(10, 8, 2, 4, 7), Halves).ShouldBe(0);

    [Fact]
    public void A_spill_counts_its_smaller_side_in_both_regions_it_touches() =>
        RegionAgreement.UnderSegmentationError(Columns(10, 8, 3, 5), Halves).ShouldBe(20.0 / 80);

    [Fact]
    public void A_boundary_is_found_within_the_tolerance_and_not_beyond()
    {
        RegionAgreement.BoundaryRecall(Columns(10, 8, 6), Halves, 2).ShouldBe(1);
        RegionAgreement.BoundaryRecall(Columns(10, 8, 6), Halves, 1).ShouldBe(0);
    }

    [Fact]
    public void Nothing_to_find_is_all_found() => RegionAgreement.BoundaryRecall(Halves, Columns(10, 8), 2).ShouldBe(1);

    [Fact]
    public void Maps_of_different_sizes_are_refused() =>
        Should.Throw<ArgumentException>(() => RegionAgreement.BoundaryRecall(Halves, Columns(8, 10, 4))).Message.ShouldContain("8x10 and 10x8");

    /// <summary>Vertical strips that begin at the given columns.</summary>
    private static LabelMap Columns(int height, int width, params int[] starts) =>
        LabelMap.Of(height, width, [.. Enumerable.Range(0, height * width).Select(i => starts.Count(start => i % width >= start))]);
}
