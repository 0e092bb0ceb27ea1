using Pipeline.Segmentation.Superpixels;

namespace Pipeline.Segmentation.Tests.Superpixels;

public sealed class LabelMapTests
{
    private static readonly LabelMap Map = LabelMap.Of(4, 6,
    [
        7, 7, 7, 2, 2, 2,
        7, 3, 7, 2, 5, 5,
        4, 4, 9, 9, 5, 5,
        4, 4, 9, 9, 2, 5,
    ]);

    [Fact]
    public void Regions_are_counted_once_each() => Map.Regions.ShouldBe(6);

    [Fact]
    public void A_token_takes_the_label_of_most_of_its_pixels() => Map.ToTokenGrid(2, 2).Labels.ShouldBe([7, 2, 4, 5]);

    [Fact]
    public void The_smallest_label_wins_a_tie() => Map.ToTokenGrid(2, 3).Labels.ShouldBe([7, 2, 2, 4, 9, 5]);

    [Fact]
    public void Regions_without_a_token_are_not_counted()
    {
        var grid = Map.ToTokenGrid(2, 2);
        grid.Regions.ShouldBe(4);
        (grid.Height, grid.Width).ShouldBe((2, 2));
    }

    [Fact]
    public void Renumbering_closes_gaps_and_keeps_the_order() => Map.ToTokenGrid(2, 2, renumber: true).Labels.ShouldBe([3, 0, 1, 2]);

    [Fact]
    public void A_grid_as_fine_as_the_map_is_the_map() => Map.ToTokenGrid(4, 6).Labels.ShouldBe(Map.Labels);

    [Fact]
    public void One_token_takes_the_most_frequent_label() => Map.ToTokenGrid(1, 1).Labels.ShouldBe([2]);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Blocks_of_any_grid_are_those_of_whole_divisions(int seed)
    {
        var random = new Random(seed);
        var (height, width) = (random.Next(5, 60), random.Next(5, 60));
        var (gridHeight, gridWidth) = (random.Next(1, height), random.Next(1, width));
        var map = LabelMap.Of(height, width, [.. Enumerable.Range(0, height * width).Select(_ => random.Next(4))]);
        var expected =
            from row in Enumerable.Range(0, gridHeight)
            from column in Enumerable.Range(0, gridWidth)
            let pixels =
                from y in Enumerable.Range(0, height)
                where y >= row * height / gridHeight && y < (row + 1) * height / gridHeight
                from x in Enumerable.Range(0, width)
                where x >= column * width / gridWidth && x < (column + 1) * width / gridWidth
                select map.Labels[(y * width) + x]
            select pixels.GroupBy(label => label).OrderByDescending(votes => votes.Count()).ThenBy(votes => votes.Key).First().Key;
        map.ToTokenGrid(gridHeight, gridWidth).Labels.ShouldBe(expected);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(2, 0)]
    [InlineData(5, 2)]
    [InlineData(2, 7)]
    public void A_grid_that_is_empty_or_finer_than_the_map_is_refused(int gridHeight, int gridWidth) =>
        Should.Throw<ArgumentOutOfRangeException>(() => Map.ToTokenGrid(gridHeight, gridWidth)).Message.ShouldContain("tokens");

    [Fact]
    public void A_map_of_the_wrong_length_is_refused() =>
        Should.Throw<ArgumentException>(() => LabelMap.Of(2, 2, [1, 2, 3])).Message.ShouldContain("4 labels, not 3");
}
