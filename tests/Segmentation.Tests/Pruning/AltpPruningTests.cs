using Pipeline.Contracts.Models;
using Pipeline.Segmentation.Images;
using Pipeline.Segmentation.Pruning;
using Pipeline.Segmentation.Pruning.Methods.Altp;
using Pipeline.Segmentation.Tests.Lisa;
using Pipeline.Segmentation.Tests.Llama;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Pruning;

public sealed class AltpPruningTests : IDisposable
{
    private readonly GoldenLlama golden = new("pruning");
    private readonly IDisposable recording = no_grad();

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 8)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_budget_is_met_to_the_token_and_every_region_keeps_its_floor(int seed)
    {
        using var scope = NewDisposeScope();
        using var grid = GridBatch.Random(golden, seed);
        var (random, total) = (new System.Random(seed), grid.Shape.VisualTokens);
        foreach (var options in Variants(random, total))
        {
            using var result = Run(grid, options);
            var budget = options.Count!.Value;
            result.VisualTokens.ShouldBe([.. Enumerable.Repeat(total, options.Layer), .. Enumerable.Repeat(budget, 6 - options.Layer)]);
            var regions = grid.Image.Regions(options.Superpixels(budget), grid.Shape.GridHeight, grid.Shape.GridWidth);
            for (var row = 0; row < grid.Batch.Layout.Rows.Count; row++)
            {
                var kept = Values(result.Kept[row]);
                kept.ShouldBe(kept.Distinct().Order());
                kept.Length.ShouldBe(budget);
                if (options.Mode != AltpMode.Ddf && regions.Sum(region => Math.Min(options.Floor, region.Count)) <= budget)
                    regions.ShouldAllBe(region => region.Count(token => kept.Contains(token)) >= Math.Min(options.Floor, region.Count), $"{options}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Text_and_its_order_stay_untouched_and_positions_are_as_declared(int seed)
    {
        using var scope = NewDisposeScope();
        using var grid = GridBatch.Random(golden, seed, sequences: 2);
        var (start, end, length) = (grid.Batch.Layout.VisualStart, grid.Batch.Layout.VisualEnd, grid.Batch.Embeddings.shape[1]);
        foreach (var mode in Enum.GetValues<PositionMode>())
        {
            using var result = Run(grid, new AltpOptions { Keep = 0.3, Positions = mode });
            for (var row = 0; row < 2; row++)
            {
                long[] original = [.. Range(0, start), .. Values(result.Kept[row]).Select(token => token + start), .. Range(end, length)];
                Values(result.Positions[mode == PositionMode.Original ? row : 0]).ShouldBe(mode == PositionMode.Original ? original : Range(0, original.Length));
            }
        }

        static IEnumerable<long> Range(long from, long to) => Enumerable.Range((int)from, (int)(to - from)).Select(i => (long)i);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_sequence_in_a_batch_keeps_what_it_keeps_alone_and_again(int seed)
    {
        using var scope = NewDisposeScope();
        using var grid = GridBatch.Random(golden, seed, sequences: 3);
        foreach (var options in Variants(new System.Random(seed), grid.Shape.VisualTokens))
        {
            using var together = Run(grid, options);
            using var again = Run(grid, options);
            Values(again.Kept).ShouldBe(Values(together.Kept));
            Largest(again.Hidden - together.Hidden).ShouldBe(0);
            for (var row = 0; row < 3; row++)
            {
                using var single = grid.Batch.Alone(row);
                using var alone = PruningExecutor.Run(golden.Model, single.Embeddings, single.Layout, new AltpPruning(options).Plan(grid.Shape), grid.Image);
                Values(alone.Kept).ShouldBe(Values(together.Kept[row]), $"{options}");
                Largest(alone.Hidden - together.Hidden.narrow(0, row, 1).narrow(1, 0, alone.Hidden.shape[1])).ShouldBeLessThan(2e-5);
            }
        }
    }

    [Fact]
    public void Keeping_everything_is_bit_identical_to_no_pruning()
    {
        using var scope = NewDisposeScope();
        using var grid = GridBatch.Random(golden, 3);
        using var plain = PruningExecutor.Run(golden.Model, grid.Batch.Embeddings, grid.Batch.Layout, [], grid.Image);
        foreach (var options in (AltpOptions[])[new() { Keep = 1 }, new() { Flops = 1, Layer = 0, Density = InformationDensity.Cls }, new() { Count = grid.Shape.VisualTokens, Positions = PositionMode.Dense }])
        {
            using var kept = Run(grid, options);
            Largest(kept.Hidden - plain.Hidden).ShouldBe(0);
        }
    }

    [Fact]
    public void The_modes_are_the_two_parts_and_both()
    {
        // Left half a busy, right half a dull region; only two tokens of the left one carry any score.
        var pixels = new byte[64 * 32 * 3];
        for (var i = 0; i < pixels.Length; i++) pixels[i] = (byte)(i / 3 % 64 < 32 ? 0 : 255);
        float[] scores = [.. Enumerable.Range(0, 32).Select(token => token is 1 or 10 ? 0.5f : 0)];
        using var image = GridBatch.Evidence(new RgbImage(64, 32, pixels), scores);
        long[] Keep(AltpMode mode, RegionChoice choice = RegionChoice.Score) =>
            Choose(image, new AltpOptions { Count = 4, Regions = 2, Layer = 0, Density = InformationDensity.Cls, Mode = mode, Choice = choice });

        // The halves are columns 0-3 and 4-7 of 8. Evenly spaced among their sixteen tokens: numbers 4 and 12, or 8, or 2, 8 and 13.
        Keep(AltpMode.Ddc).ShouldBe([8, 12, 24, 28]);
        Keep(AltpMode.Ddf).ShouldBe([0, 1, 2, 10]);
        Keep(AltpMode.Both).ShouldBe([1, 10, 16, 20]);
        Keep(AltpMode.Both, RegionChoice.Uniform).ShouldBe([2, 16, 20, 25]);
    }

    [Fact]
    public void Capture_alone_asks_for_no_score()
    {
        using var scope = NewDisposeScope();
        using var image = GridBatch.Evidence(TinyLisa.Image(1, 64, 64));
        var plan = new AltpPruning(new AltpOptions { Keep = 0.2, Mode = AltpMode.Ddc, Layer = 0 }).Plan(Shape(8, 8));
        plan.Single().Need.ShouldBeNull();
        Choose(image, new AltpOptions { Keep = 0.2, Mode = AltpMode.Ddc, Density = InformationDensity.Cls, Layer = 0 }).Length.ShouldBe(13);
    }

    [Fact]
    public void A_plain_image_degenerates_to_a_near_uniform_grid()
    {
        var pixels = new byte[128 * 128 * 3];
        Array.Fill(pixels, (byte)90);
        using var image = GridBatch.Evidence(new RgbImage(128, 128, pixels), [.. Enumerable.Repeat(1f / 256, 256)]);
        var kept = Choose(image, new AltpOptions { Count = 16, Regions = 16, Layer = 0, Density = InformationDensity.Cls }, 16, 16);

        // One token per block of 4 x 4: none is further than a block and a half from the next.
        kept.Select(token => (token / 16 / 4, token % 16 / 4)).Distinct().Count().ShouldBe(16);
    }

    [Fact]
    public void Variance_is_the_distance_from_the_mean_of_the_region()
    {
        using var scope = NewDisposeScope();
        var visual = tensor(new float[] { 0, 0, 6, 8, 1, 1, 5, 5 }, [1, 4, 2]);
        var scores = TokenScores.DistanceFromMean(visual, [[0, 1], [2], [3]]);
        scores.data<float>().ToArray().ShouldBe([5, 5, 0, 0], 1e-5);
    }

    [Fact]
    public void A_dense_region_keeps_more_than_a_poor_one_of_its_size()
    {
        var pixels = new byte[64 * 32 * 3];
        for (var i = 0; i < pixels.Length; i++) pixels[i] = (byte)(i / 3 % 64 < 32 ? 0 : 255);
        float[] scores = [.. Enumerable.Range(0, 32).Select(token => token % 8 < 4 ? 3f : 1f)];
        using var image = GridBatch.Evidence(new RgbImage(64, 32, pixels), scores);

        var kept = Choose(image, new AltpOptions { Count = 10, Regions = 2, Layer = 0, Density = InformationDensity.Cls });

        kept.Count(token => token % 8 < 4).ShouldBe(7);
    }

    [Fact]
    public void Settings_that_do_not_go_together_are_named()
    {
        Refused(new AltpOptions { Keep = 0.1, Layer = 0 }).ShouldBe(("density", true));
        Refused(new AltpOptions { Keep = 0.1, Regions = 65 }).ShouldBe(("regions", true));
        Refused(new AltpOptions { Average = 3, Layer = 3 }).ShouldBe(("average", true));
        new AltpPruning(new AltpOptions { Count = 2, Regions = 64, Floor = 4 }).Plan(Shape(8, 8)).Single().VisualTokens.ShouldBe(2);

        (string Setting, bool SaysWhatIsRight) Refused(AltpOptions options)
        {
            var exception = Should.Throw<PruningSettingException>(() => new AltpPruning(options).Plan(Shape(8, 8)));
            return (exception.Setting, exception.Fault.Contains("use ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_vision_tower_without_a_class_token_is_said()
    {
        using var image = GridBatch.Evidence(TinyLisa.Image(1, 64, 64));
        Should.Throw<InvalidOperationException>(() => Choose(image, new AltpOptions { Keep = 0.2, Layer = 0, Density = InformationDensity.Cls })).Message.ShouldContain("'cls'");
    }

    public void Dispose()
    {
        recording.Dispose();
        golden.Dispose();
    }

    private static IEnumerable<AltpOptions> Variants(System.Random random, int total) =>
        from density in Enum.GetValues<InformationDensity>()
        from mode in Enum.GetValues<AltpMode>()
        select new AltpOptions
        {
            Count = random.Next(1, total),
            Density = density,
            Mode = mode,
            Layer = random.Next(density == InformationDensity.Attention ? 1 : 0, 6),
            Floor = random.Next(1, 4),
            Regions = random.Next(3) == 0 ? null : random.Next(1, total + 1),
            Choice = (RegionChoice)random.Next(2),
        };

    private ModelShape Shape(int height, int width) => golden.Shape(1) with { GridHeight = height, GridWidth = width };

    private PrunedSequence Run(GridBatch grid, AltpOptions options) =>
        PruningExecutor.Run(golden.Model, grid.Batch.Embeddings, grid.Batch.Layout, new AltpPruning(options).Plan(grid.Shape), grid.Image);

    /// <summary>What is kept before the model, without running one.</summary>
    private long[] Choose(ImageEvidence image, AltpOptions options, int? height = null, int? width = null)
    {
        using var scope = NewDisposeScope();
        var shape = Shape(height ?? image.View!.Height / 8, width ?? image.View!.Width / 8);
        var total = shape.VisualTokens;
        return Values(new AltpPruning(options).Plan(shape).Single().Select(new PruningContext
        {
            Layer = 0,
            Hidden = zeros([1, total + 2, 4]),
            Positions = arange(0, total + 2, ScalarType.Int64).unsqueeze(0),
            Layout = new SequenceLayout(1, total, [new SequenceRow(total + 2, total + 1, [])]),
            Tokens = arange(0, total, ScalarType.Int64).unsqueeze(0),
            VisualEmbeddings = zeros([1, total, 4]),
            Image = image,
        }).Tokens);
    }

    private static double Largest(Tensor difference) => difference.abs().max().item<float>();

    private static long[] Values(Tensor tensor) => tensor.contiguous().data<long>().ToArray();
}
