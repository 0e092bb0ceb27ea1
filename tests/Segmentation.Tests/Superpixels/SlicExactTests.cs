namespace Pipeline.Segmentation.Tests.Superpixels;

public sealed class SlicExactTests
{
    public static TheoryData<string> Names => [.. UpstreamCase.All.Select(upstream => upstream.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Odd_images_and_options_are_cut_as_upstream_cuts_them(string name)
    {
        var upstream = UpstreamCase.All.Single(candidate => candidate.Name == name);
        var map = upstream.Segment();
        (map.Height, map.Width).ShouldBe((upstream.Height, upstream.Width));
        map.Labels.ShouldBe(upstream.Expected);
        map.Regions.ShouldBe(upstream.Expected.Distinct().Count());
    }
}
