using Pipeline.Contracts.Models;
using Pipeline.Segmentation.Pruning;
using Pipeline.Segmentation.Pruning.Methods.LvlmCsp;
using Pipeline.Segmentation.Tests.Lisa;

namespace Pipeline.Segmentation.Tests.Pruning;

public sealed class LvlmCspRepresentativesTests
{
    [Fact]
    public void Uniform_is_the_papers_formula_to_the_letter()
    {
        Representatives.Uniform(4, 16).ShouldBe([0, 4, 8, 12]);
        Representatives.Uniform(3, 16).ShouldBe([0, 5, 10]);
        Representatives.Uniform(9, 16).ShouldBe([0, 1, 2, 3, 4, 5, 6, 7, 8]); // the tail of the raster stays unvisited
    }

    [Fact]
    public void A_lattice_that_fits_has_the_same_columns_in_every_row()
    {
        Representatives.Lattice(4, 4, 4).ShouldBe([5, 7, 13, 15]);
        Representatives.Lattice(16, 8, 8).Select(token => token % 8).Distinct().ShouldBe([1, 3, 5, 7]);
        Representatives.Lattice(2, 1, 8).ShouldBe([2, 6]);
        Representatives.Lattice(64, 16, 16).Select(token => token / 16).Distinct().Count().ShouldBe(8);
    }

    [Fact]
    public void A_lattice_has_exactly_as_many_tokens_as_asked_for_and_leaves_no_end_out()
    {
        foreach (var (height, width) in new[] { (16, 16), (24, 24), (5, 9), (1, 30), (30, 1), (2, 13) })
        {
            for (var count = 1; count <= height * width; count++)
            {
                var lattice = Representatives.Lattice(count, height, width);
                lattice.Length.ShouldBe(count);
                lattice.ShouldBe(lattice.Distinct().Order());
                lattice.ShouldAllBe(token => token >= 0 && token < height * width);
            }
        }

        var sparse = Representatives.Lattice(48, 16, 16).Select(token => (Row: (int)token / 16, Column: (int)token % 16)).ToArray();
        for (var token = 0; token < 256; token++)
            sparse.Min(place => Math.Max(Math.Abs(place.Row - (token / 16)), Math.Abs(place.Column - (token % 16)))).ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public void The_class_tokens_favourites_are_the_highest_and_the_first_of_equals() =>
        Representatives.Highest([0.1f, 0.3f, 0.2f, 0.3f, 0.2f, 0.2f], 4).ShouldBe([1, 2, 3, 4]);

    [Fact]
    public void Every_superpixel_is_represented_and_large_ones_more_than_once()
    {
        IReadOnlyList<IReadOnlyList<int>> regions = [[0, 1, 2, 3, 4, 5, 6, 7], [8], [9, 10, 11]];
        Representatives.OfSuperpixels(regions, 3).ShouldBe([4, 8, 10]);
        Representatives.OfSuperpixels(regions, 6).ShouldBe([1, 4, 6, 8, 9, 11]);
        Representatives.OfSuperpixels(regions, 2).ShouldBe([4, 10]); // the largest, when there are too few
    }

    [Fact]
    public void Every_selector_gives_exactly_as_many_and_the_same_again()
    {
        var model = Shape(6, 7);
        for (var seed = 0; seed < 4; seed++)
        {
            var random = new Random(seed);
            using var image = GridBatch.Evidence(TinyLisa.Image(seed, 56, 48), [.. Enumerable.Range(0, 42).Select(_ => random.NextSingle())]);
            foreach (var selector in Enum.GetValues<ClusterSelector>())
            {
                foreach (var count in (int[])[1, 5, 16, 41])
                {
                    var options = new LvlmCspOptions { Selector = selector, Seed = seed };
                    var chosen = Representatives.Choose(options, count, model, image);
                    chosen.Length.ShouldBe(count, $"{selector}");
                    chosen.ShouldBe(chosen.Distinct().Order());
                    chosen.ShouldAllBe(token => token >= 0 && token < 42);
                    Representatives.Choose(options, count, model, image).ShouldBe(chosen);
                }
            }
        }
    }

    [Fact]
    public void Another_seed_or_image_draws_other_representatives()
    {
        var model = Shape(16, 16);
        long[] Draw(int seed, ulong key) => Representatives.Choose(new LvlmCspOptions { Selector = ClusterSelector.Random, Seed = seed }, 32, model, new ImageEvidence(key));

        Draw(1, 1).ShouldBe(Draw(1, 1));
        Draw(2, 1).ShouldNotBe(Draw(1, 1));
        Draw(1, 2).ShouldNotBe(Draw(1, 1));
    }

    private static ModelShape Shape(int height, int width) => new()
    {
        Architecture = "lisa",
        Layers = 6,
        HiddenSize = 8,
        IntermediateSize = 8,
        Heads = 1,
        KeyValueHeads = 1,
        VocabularySize = 8,
        GridHeight = height,
        GridWidth = width,
    };
}
