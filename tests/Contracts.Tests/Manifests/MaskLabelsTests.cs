using System.Text;
using System.Text.Json;
using Pipeline.Contracts.Manifests;
using Pipeline.Evaluation;
using Pipeline.Evaluation.ReasonSeg;

namespace Pipeline.Contracts.Tests.Manifests;

public sealed class MaskLabelsTests
{
    private const int Height = 13;
    private const int Width = 17;

    [Fact]
    public void Labels_come_back_from_run_lengths_and_from_a_slice()
    {
        const int Seed = 4771;
        var random = new Random(Seed);
        for (var round = 0; round < 50; round++)
        {
            byte[][] choices = [[0, 1], [0, 1, 255], [0, 1, 2], [0, 1, 2, 255], [255], [0], [1]];
            var labels = new byte[Height * Width];
            foreach (ref var label in labels.AsSpan())
                label = choices[round % choices.Length][random.Next(choices[round % choices.Length].Length)];

            var source = MaskLabels.Encode(labels, Height, Width);

            MaskLabels.Decode(source).ShouldBe(labels, $"seed {Seed}, round {round}");
            var line = JsonSerializer.Serialize(source, ContractsJson.Options);
            MaskLabels.Decode(JsonSerializer.Deserialize<MaskSource>(line, ContractsJson.Options)!).ShouldBe(labels, line);
        }
    }

    [Fact]
    public void Parts_are_summed_as_bytes()
    {
        const int Seed = 4772;
        var random = new Random(Seed);
        for (var round = 0; round < 40; round++)
        {
            var parts = Enumerable.Range(0, random.Next(1, 5)).Select(_ => RandomMask(random)).ToArray();
            var sum = new int[Height * Width];
            foreach (var part in parts)
            {
                for (var i = 0; i < sum.Length; i++)
                    sum[i] += part[i];
            }

            var source = MaskLabels.Sum([.. parts.Select(part => Rle.Encode(part, Height, Width))], Height, Width);

            MaskLabels.Decode(source).ShouldBe(sum.Select(value => (byte)Math.Min(value, 2)), $"seed {Seed}, round {round}");
        }
    }

    /// <summary>uint8 wraps in upstream's sum, so 255 parts are the label for ignored and 256 are background again.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(254, 2)]
    [InlineData(255, 255)]
    [InlineData(256, 0)]
    [InlineData(257, 1)]
    public void A_pixel_of_many_parts_has_the_label_that_upstream_gives_it(int parts, byte label) =>
        MaskLabels.Decode(MaskLabels.Sum([.. Enumerable.Repeat(Rle.Encode([1], 1, 1), parts)], 1, 1)).ShouldBe([label]);

    /// <summary>Two polygons of 2 x 2 that share one pixel, on 4 x 4: the object counts 6 of its 7 pixels, and a prediction on the shared one only adds to the union.</summary>
    [Fact]
    public void Where_parts_lie_over_each_other_is_of_neither_class_and_a_prediction_there_counts()
    {
        var source = MaskLabels.Sum([Rle.FromBox(0, 0, 2, 2, 4, 4), Rle.FromBox(1, 1, 2, 2, 4, 4)], 4, 4);
        source.Rle!.Area.ShouldBe(7);
        source.Overlapped!.Area.ShouldBe(1);
        var truth = MaskLabels.Decode(source);

        var everything = ClassOverlap.Measure(Filled(16, _ => 1), truth);
        everything.Target.ShouldBe(new MaskOverlap(6, 16));
        everything.Background.ShouldBe(new MaskOverlap(0, 9));

        var exact = ClassOverlap.Measure(Filled(16, i => truth[i] == 0 ? 0 : 1), truth);
        exact.Target.ShouldBe(new MaskOverlap(6, 7));
        exact.Background.ShouldBe(new MaskOverlap(9, 9));

        var without = ClassOverlap.Measure(Filled(16, i => truth[i] == 1 ? 1 : 0), truth);
        without.Target.ShouldBe(new MaskOverlap(6, 6));
        without.Background.ShouldBe(new MaskOverlap(9, 10));
    }

    [Fact]
    public void A_mask_without_ignored_or_overlapped_pixels_is_written_as_it_always_was()
    {
        var source = MaskLabels.Encode([0, 1, 1, 0], 2, 2);
        Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(source, ContractsJson.Options)).ShouldBe("""{"rle":{"size":[2,2],"counts":"121"}}""");
    }

    [Fact]
    public void Polygons_come_back_from_a_slice_to_the_last_digit()
    {
        ReasonSegShape[] shapes = [new("target", [(0.1, 1e-7), (123.45600000000002, -7)]), new("ignore", [(1, 2)])];
        var line = JsonSerializer.Serialize(new MaskSource { Shapes = shapes }, ContractsJson.Options);

        line.ShouldBe("""{"shapes":[{"label":"target","points":[[0.1,1E-07],[123.45600000000002,-7]]},{"label":"ignore","points":[[1,2]]}]}""");
        var back = JsonSerializer.Deserialize<MaskSource>(line, ContractsJson.Options)!.Shapes!;
        back.Select(shape => shape.Label).ShouldBe(["target", "ignore"]);
        back.SelectMany(shape => shape.Points).ShouldBe(shapes.SelectMany(shape => shape.Points));
    }

    [Theory]
    [InlineData("""{"shapes":[{"points":[[1,2]]}]}""")]
    [InlineData("""{"shapes":[{"label":"target"}]}""")]
    [InlineData("""{"shapes":[{"label":"target","points":[[1]]}]}""")]
    [InlineData("""{"shapes":[{"label":"target","points":[[1,2,3]]}]}""")]
    [InlineData("""{"shapes":[{"label":"target","points":[1,2]}]}""")]
    [InlineData("""{"shapes":[7]}""")]
    public void A_polygon_that_is_none_is_refused(string line) =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<MaskSource>(line, ContractsJson.Options));

    [Fact]
    public void Parts_of_different_sizes_are_refused() =>
        Should.Throw<InvalidDataException>(() => MaskLabels.Decode(new MaskSource { Rle = Rle.Encode([1, 1], 1, 2), Ignored = Rle.Encode([1, 0], 2, 1) }))
            .Message.ShouldContain("a part of the mask is 1x2, another 2x1");

    private static byte[] RandomMask(Random random) => Filled(Height * Width, _ => random.Next(2));

    private static byte[] Filled(int length, Func<int, int> value) => [.. Enumerable.Range(0, length).Select(i => (byte)value(i))];
}
