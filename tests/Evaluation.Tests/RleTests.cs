using System.Text.Json;

namespace Pipeline.Evaluation.Tests;

public sealed class RleTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 300)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Runs_are_those_of_a_walk_down_the_columns(int seed)
    {
        var (mask, height, width) = RandomMasks.Any(new Random(seed));
        Rle.Encode(mask, height, width).ToRuns().ShouldBe(Walk(mask, height, width));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_mask_survives_encoding(int seed)
    {
        var (mask, height, width) = RandomMasks.Any(new Random(seed));
        Rle.Encode(mask, height, width).Decode().ShouldBe(mask);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Arithmetic_on_runs_agrees_with_pixels(int seed)
    {
        var random = new Random(seed);
        var (first, height, width) = RandomMasks.Any(random);
        var second = random.Next(2) == 0 ? RandomMasks.Noise(random, height, width, 0.4) : RandomMasks.Blobs(random, height, width, 2);
        Rle a = Rle.Encode(first, height, width), b = Rle.Encode(second, height, width);
        var either = first.Zip(second, (x, y) => (byte)(x | y)).ToArray();
        var both = first.Zip(second, (x, y) => (byte)(x & y)).ToArray();
        Rle.Union([a, b]).ShouldBe(Rle.Encode(either, height, width));
        Rle.Intersection([a, b]).ShouldBe(Rle.Encode(both, height, width));
        a.Overlap(b).ShouldBe(new MaskOverlap(both.Sum(x => x), either.Sum(x => x)));
        a.Area.ShouldBe(first.Sum(x => x));
    }

    [Fact]
    public void A_mask_without_pixels_is_no_special_case()
    {
        var empty = Rle.Encode([], 0, 5);
        empty.ShouldBe(new Rle(0, 5, ""));
        empty.Decode().ShouldBeEmpty();
        empty.Bounds.ShouldBe(default);
        Rle.Union([empty, empty]).ShouldBe(empty);
    }

    [Fact]
    public void Empty_runs_within_foreign_counts_do_not_widen_the_box()
    {
        var rle = Rle.FromRuns(4, 4, [0, 0, 5, 2, 1, 0, 8]);
        rle.Area.ShouldBe(2);
        rle.Bounds.ShouldBe(new PixelBox(1, 1, 1, 2));
        rle.Overlap(Rle.FromRuns(4, 4, [6, 10])).ShouldBe(new MaskOverlap(1, 11));
        Rle.Union([rle, rle]).ShouldBe(Rle.FromRuns(4, 4, [5, 2, 9]));
    }

    [Fact]
    public void Two_empty_masks_have_IoU_0_in_the_matrix_as_in_pycocotools() =>
        Rle.IouMatrix([Rle.FromRuns(2, 2, [4])], [Rle.FromRuns(2, 2, [4])], [true])[0, 0].ShouldBe(0);

    [Theory]
    [InlineData(2, 2, "5", "5 of 4 pixels")]
    [InlineData(2, 2, "3", "cover 3 pixels")]
    [InlineData(2, 2, "", "cover 0 pixels")]
    [InlineData(2, 2, "P", "middle of a run")]
    [InlineData(2, 2, "PPPPPPPP1", "longer than 6")]
    [InlineData(2, 2, "\t", "U+0009")]
    [InlineData(2, 2, "é", "U+00E9")]
    [InlineData(2, 2, "p", "U+0070")]
    [InlineData(2, 2, "O", "is -1")]
    [InlineData(2, 2, "111K", "is -4")]
    [InlineData(2, 2, null, "no counts")]
    [InlineData(-1, 2, "0", "no mask size")]
    [InlineData(int.MaxValue, int.MaxValue, "0", "no mask size")]
    [InlineData(1 << 14, (1 << 14) + 1, "0", "no mask size")]
    public void Hostile_counts_are_refused_with_a_reason(int height, int width, string? counts, string reason)
    {
        var rle = new Rle(height, width, counts!);
        foreach (var use in new Action[] { () => rle.Decode(), () => rle.ToRuns(), () => _ = rle.Area, () => _ = rle.Bounds, () => rle.Overlap(rle), () => Rle.Union([rle]) })
            Should.Throw<InvalidDataException>(use).Message.ShouldContain(reason);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Random_counts_give_a_mask_or_a_clear_refusal(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => (char)random.Next(40, 120)));
            var rle = new Rle(random.Next(20), random.Next(20), text);
            try
            {
                rle.Decode().Sum(x => x).ShouldBe((int)rle.Area);
            }
            catch (InvalidDataException refusal)
            {
                refusal.Message.ShouldNotBeEmpty();
            }
        }
    }

    [Fact]
    public void A_mask_with_other_bytes_than_0_and_1_is_refused()
    {
        Should.Throw<ArgumentException>(() => Rle.Encode([0, 1, 255, 0], 2, 2)).Message.ShouldContain("byte 2 is 255");
        Should.Throw<ArgumentException>(() => Rle.Encode([0, 1, 0], 2, 2)).Message.ShouldContain("4 bytes, not 3");
    }

    [Fact]
    public void Masks_of_two_sizes_are_never_compared()
    {
        Rle small = Rle.FromRuns(2, 2, [4]), large = Rle.FromRuns(4, 1, [4]);
        Should.Throw<ArgumentException>(() => small.Overlap(large)).Message.ShouldContain("2x2");
        Should.Throw<ArgumentException>(() => Rle.Union([small, large])).Message.ShouldContain("4x1");
        Should.Throw<ArgumentException>(() => Rle.IouMatrix([small], [large], [false])).Message.ShouldContain("4x1");
    }

    [Fact]
    public void Json_is_COCOs_and_uncompressed_counts_are_read_too()
    {
        var rle = Rle.FromRuns(3, 4, [2, 4, 6]);
        JsonSerializer.Serialize(rle).ShouldBe("""{"size":[3,4],"counts":"246"}""");
        JsonSerializer.Deserialize<Rle>("""{"counts":"246","id":{"a":[1]},"size":[3,4]}""").ShouldBe(rle);
        JsonSerializer.Deserialize<Rle>("""{"size":[3,4],"counts":[2,4,6]}""").ShouldBe(rle);
        JsonSerializer.Deserialize<Rle?>("null").ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"size":[3,4],"counts":[2,4,5]}""")]
    [InlineData("""{"size":[3,4],"counts":[2,4,-6,12]}""")]
    [InlineData("""{"size":[3,4,5],"counts":"246"}""")]
    [InlineData("""{"size":[3,4.5],"counts":"246"}""")]
    [InlineData("""{"size":"3x4","counts":"246"}""")]
    [InlineData("""{"size":[3,4],"counts":7}""")]
    [InlineData("""{"size":[3,4]}""")]
    [InlineData("""{"counts":"246"}""")]
    [InlineData("""[3,4]""")]
    public void Json_of_another_shape_is_refused(string json) => Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Rle>(json));

    [Theory]
    [InlineData(int.MaxValue, 0)]
    [InlineData(0, int.MaxValue)]
    public void A_mask_of_two_billion_rows_and_no_columns_costs_nothing(int height, int width)
    {
        var mask = new Rle(height, width, "");

        var started = Environment.CpuUsage.TotalTime;
        mask.Decode().ShouldBeEmpty();
        (Environment.CpuUsage.TotalTime - started).ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    private static int[] Walk(byte[] mask, int height, int width)
    {
        var runs = new List<int>();
        var (value, length) = (0, 0);
        for (var x = 0; x < width; x++)
            for (var y = 0; y < height; y++, length++)
                if (mask[y * width + x] != value)
                {
                    runs.Add(length);
                    (value, length) = (1 - value, 0);
                }

        return [.. runs, length];
    }
}
