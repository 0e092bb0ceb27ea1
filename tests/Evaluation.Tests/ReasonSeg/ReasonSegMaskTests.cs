using Pipeline.Evaluation.ReasonSeg;

namespace Pipeline.Evaluation.Tests.ReasonSeg;

public sealed class ReasonSegMaskTests
{
    [Fact]
    public void Masks_are_those_of_LISAs_reader()
    {
        var tensors = Golden.Tensors("preprocess/io.safetensors");
        var cases = Golden.Json("preprocess/reasonseg_cases.json").EnumerateArray().ToArray();
        cases.Length.ShouldBe(12);
        foreach (var (i, entry) in cases.Index())
        {
            int height = entry.GetProperty("hw")[0].GetInt32(), width = entry.GetProperty("hw")[1].GetInt32();
            var shapes = entry.GetProperty("json").GetProperty("shapes").EnumerateArray().Select(shape => new ReasonSegShape(
                shape.GetProperty("label").GetString()!,
                [.. shape.GetProperty("points").EnumerateArray().Select(point => (point[0].GetDouble(), point[1].GetDouble()))]));
            var mask = ReasonSegMask.Draw(shapes, height, width);
            var expected = tensors.Bytes($"reasonseg.mask.{i}").ToArray();
            mask.Zip(expected).Count(pair => pair.First != pair.Second).ShouldBe(0, $"case {i}");
        }
    }

    [Fact]
    public void A_small_polygon_lies_on_a_large_one_whatever_their_order()
    {
        ReasonSegShape large = Square("target", 0, 9), small = Square("ignore", 3, 5);
        foreach (var shapes in (ReasonSegShape[][])[[large, small], [small, large]])
        {
            var mask = ReasonSegMask.Draw(shapes, 12, 12);
            mask.Count(value => value == 255).ShouldBe(9);
            mask.Count(value => value == 1).ShouldBe(100 - 9);
        }
    }

    [Fact]
    public void Of_equal_polygons_the_first_of_the_file_lies_on_top() =>
        ReasonSegMask.Draw([Square("target", 0, 4), Square("ignore", 0, 4)], 5, 5).ShouldAllBe(value => value == 1);

    [Theory]
    [InlineData("IGNORE this", 255)]
    [InlineData("target", 1)]
    [InlineData("flags", 1)]
    [InlineData("Flag", 0)]
    public void The_label_says_what_a_polygon_means(string label, int value) =>
        ReasonSegMask.Draw([Square(label, 0, 4)], 5, 5).ShouldAllBe(pixel => pixel == value);

    [Fact]
    public void Without_polygons_everything_is_background() => ReasonSegMask.Draw([], 3, 4).ShouldBe(new byte[12]);

    [Fact]
    public void A_polygon_beyond_the_picture_is_cut_off() =>
        ReasonSegMask.Draw([new ReasonSegShape("target", [(-100, -100), (-100, 300), (300, 300), (300, -100)])], 7, 9).ShouldAllBe(pixel => pixel == 1);

    [Theory]
    [InlineData(50, 50)]
    [InlineData(-50, 2)]
    public void A_polygon_beside_the_picture_changes_nothing(int x, int y) =>
        ReasonSegMask.Draw([new ReasonSegShape("target", [(x, y), (x, y + 5), (x + 5, y + 5)])], 7, 9).ShouldBe(new byte[63]);

    [Fact]
    public void The_fraction_of_a_coordinate_is_cut_off_towards_zero() =>
        ReasonSegMask.Draw([new ReasonSegShape("target", [(-0.9, 2.9)])], 4, 4).AsSpan().IndexOf((byte)1).ShouldBe(8);

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(1e9)]
    [InlineData(double.NegativeInfinity)]
    public void A_corner_far_outside_is_refused(double x) =>
        Should.Throw<InvalidDataException>(() => ReasonSegMask.Draw([new ReasonSegShape("target", [(x, 1), (2, 2), (3, 1)])], 4, 4)).Message.ShouldContain("at most 1048576 pixels");

    private static ReasonSegShape Square(string label, int first, int last) => new(label, [(first, first), (first, last), (last, last), (last, first)]);
}
