using Pipeline.Segmentation.Pruning.Methods.Altp;

namespace Pipeline.Segmentation.Tests.Pruning;

public sealed class AltpArithmeticTests
{
    [Theory]
    [InlineData(1, 9, new[] { 1, 1, 1 })]
    [InlineData(2, 9, new[] { 1, 2, 2 })]
    [InlineData(9, 9, new[] { 1, 5, 3 })]
    [InlineData(2, 4, new[] { 1, 2, 1 })]
    [InlineData(2, 3, new[] { 1, 1, 1 })]
    [InlineData(1, 2, new[] { 0, 1, 1 })]
    [InlineData(3, 1, new[] { 0, 1, 0 })]
    [InlineData(1, 0, new[] { 0, 0, 0 })]
    [InlineData(0, 9, new[] { 0, 0, 0 })]
    public void Floors_that_do_not_fit_go_to_the_richest_first_and_never_twice_before_all_had_one(int floor, int budget, int[] expected) =>
        DetailDensityCapture.Floors([1, 5, 3], [0.1, 5, 2], floor, budget).ShouldBe(expected);

    [Fact]
    public void Floors_of_equally_rich_regions_go_to_the_first() =>
        DetailDensityCapture.Floors([2, 2, 2, 2], [1, 3, 1, 3], floor: 1, budget: 3).ShouldBe([1, 1, 0, 1]);

    [Theory]
    [InlineData(10, new[] { 5.0, 3, 2 }, new[] { 9, 9, 9 }, new[] { 5, 3, 2 })] // whole shares
    [InlineData(10, new[] { 1.0, 1, 1 }, new[] { 9, 9, 9 }, new[] { 4, 3, 3 })] // equal remainders: the first
    [InlineData(10, new[] { 2.0, 1, 1 }, new[] { 9, 9, 9 }, new[] { 5, 3, 2 })] // 5, 2.5, 2.5
    [InlineData(7, new[] { 6.0, 3, 1 }, new[] { 9, 9, 9 }, new[] { 4, 2, 1 })] // 4.2, 2.1, 0.7
    [InlineData(10, new[] { 8.0, 1, 1 }, new[] { 4, 9, 9 }, new[] { 4, 3, 3 })] // what is over is shared again
    [InlineData(10, new[] { 6.0, 3, 1 }, new[] { 2, 3, 9 }, new[] { 2, 3, 5 })]
    [InlineData(9, new[] { 5.0, 3, 1 }, new[] { 2, 4, 9 }, new[] { 2, 4, 3 })] // 5 3 1; then 7 over 3:1 = 5.25 1.75; then 3
    [InlineData(6, new[] { 1.0, 0, 0 }, new[] { 2, 6, 2 }, new[] { 2, 3, 1 })] // nothing left to go by but room
    [InlineData(4, new[] { 0.0, 0 }, new[] { 2, 6 }, new[] { 1, 3 })]
    [InlineData(3, new[] { 0.0, 5 }, new[] { 0, 3 }, new[] { 0, 3 })]
    [InlineData(0, new[] { 1.0, 5 }, new[] { 2, 3 }, new[] { 0, 0 })]
    [InlineData(5, new[] { 1.0, 5 }, new[] { 2, 3 }, new[] { 2, 3 })]
    public void What_floors_leave_is_split_by_largest_remainders_within_the_room_there_is(int tokens, double[] richness, int[] room, int[] expected) =>
        DynamicDensityFormation.Split(tokens, richness, room).ShouldBe(expected);

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-0.5)]
    public void Information_that_is_no_amount_is_refused(double richness) =>
        Should.Throw<ArgumentException>(() => DynamicDensityFormation.Split(3, [1, richness], [4, 4])).Message.ShouldContain("finite number");

    [Fact]
    public void Tokens_are_taken_from_the_middle_of_equal_parts() =>
        DetailDensityCapture.EvenlySpaced([10, 11, 12, 13, 14, 15, 16], 3).ShouldBe([11, 13, 15]);

    [Fact]
    public void Beyond_the_floor_the_highest_scores_stay_and_the_first_of_equals()
    {
        var selection = new RegionalSelection([[0, 1, 2, 3, 4], [5, 6, 7]], floor: 1, RegionChoice.Score);
        float[] scores = [1, 3, 0, 3, 3, 0.5f, 2, 0];

        // Floors 2 and 6; what each region holds is 10 and 2.5, so three more tokens are 2.4 and 0.6.
        selection.Keep(scores, 5).ShouldBe([1, 2, 3, 5, 6]);
        selection.Keep(scores, 2).ShouldBe([2, 6]);
        selection.Keep(scores, 1).ShouldBe([2]);
        selection.Keep(scores, 8).ShouldBe([0, 1, 2, 3, 4, 5, 6, 7]);
    }

    [Fact]
    public void By_area_regions_keep_what_they_are_of_the_image() =>
        new RegionalSelection([[0, 1, 2, 3, 4, 5], [6, 7, 8], [9, 10, 11]], floor: 1, RegionChoice.Uniform).KeepByArea(4).ShouldBe([1, 4, 7, 10]);

    [Fact]
    public void Every_budget_is_met_to_the_token_and_every_floor_kept()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var tokens = random.Next(1, 80);
            var labels = Enumerable.Range(0, tokens).Select(_ => random.Next(random.Next(1, 12))).ToArray();
            IReadOnlyList<IReadOnlyList<int>> regions = [.. Enumerable.Range(0, tokens).GroupBy(token => labels[token]).OrderBy(region => region.Key).Select(region => region.ToArray())];
            float[] scores = [.. Enumerable.Range(0, tokens).Select(_ => random.Next(3) == 0 ? 0 : MathF.Pow(random.NextSingle(), 8))];
            var (floor, budget) = (random.Next(0, 4), random.Next(1, tokens + 1));
            foreach (var choice in Enum.GetValues<RegionChoice>())
            {
                var kept = new RegionalSelection(regions, floor, choice).Keep(scores, budget);

                kept.Length.ShouldBe(budget, $"seed {seed}");
                kept.ShouldBe([.. kept.Distinct().Order()], $"seed {seed}");
                kept.ShouldAllBe(token => token >= 0 && token < tokens);
                if (regions.Sum(region => Math.Min(floor, region.Count)) <= budget)
                    regions.ShouldAllBe(region => region.Count(token => kept.Contains(token)) >= Math.Min(floor, region.Count), $"seed {seed}");
            }
        }
    }
}
