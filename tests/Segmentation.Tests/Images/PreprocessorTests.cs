using System.Runtime.InteropServices;
using Pipeline.Segmentation.Images;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Images;

public sealed class PreprocessorTests
{
    private static readonly GoldenFile Golden = new("preprocess");

    public static TheoryData<string> Clip => [.. Golden.Names.Where(name => name.StartsWith("clip", StringComparison.Ordinal))];

    public static TheoryData<string> Sam => [.. Golden.Names.Where(name => name.Contains(".input.", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Clip))]
    public void CLIPs_input_equals_transformers(string name)
    {
        var size = Golden.Shape(name)[1];
        using var pixels = new ClipPreprocessor(size).Apply(Golden.Image("image." + name.Split('.')[1]));

        pixels.shape.ShouldBe([1, 3, size, size]);
        if (name.StartsWith("clip224.", StringComparison.Ordinal))
            LargestDifference(Floats(pixels), [.. Golden.Values<Half>(name).Select(value => (float)value)]).ShouldBeLessThan(2e-3f);
        else
            LargestDifference(Floats(pixels), Golden.Values<float>(name)).ShouldBeLessThan(1e-6f);
    }

    [Theory]
    [MemberData(nameof(Sam))]
    public void SAMs_input_equals_upstreams(string name)
    {
        var size = Golden.Shape(name)[1];
        using var input = new SamPreprocessor(size).Apply(Golden.Image("image." + name.Split('.')[^1]));

        input.Pixels.shape.ShouldBe([1, 3, size, size]);
        LargestDifference(Floats(input.Pixels), Golden.Values<float>(name)).ShouldBeLessThan(1e-6f);
    }

    [Fact]
    public void A_photo_gives_LISAs_two_inputs_and_sizes()
    {
        var golden = new GoldenFile("lisa");
        var image = golden.Image("image_u8");
        using var clip = new ClipPreprocessor(golden.Shape("clip_pixel_values")[2]).Apply(image);
        using var sam = new SamPreprocessor(golden.Shape("sam_input")[2]).Apply(image);

        LargestDifference(Floats(clip), golden.Values<float>("clip_pixel_values")).ShouldBeLessThan(1e-6f);
        LargestDifference(Floats(sam.Pixels), golden.Values<float>("sam_input")).ShouldBeLessThan(1e-6f);
        new long[] { sam.ResizedHeight, sam.ResizedWidth }.ShouldBe(golden.Values<long>("resize_hw"));
        new long[] { sam.OriginalHeight, sam.OriginalWidth }.ShouldBe(golden.Values<long>("original_hw"));
    }

    [Fact]
    public void Every_size_is_resized_to_SAMs_size()
    {
        foreach (var row in Golden.Values<long>("preprocess_shape").Chunk(5))
            SamGeometry.ResizedSize((int)row[0], (int)row[1], (int)row[2]).ShouldBe(((int)row[3], (int)row[4]));
    }

    [Fact]
    public void Points_follow_the_image()
    {
        var expected = Golden.Values<double>("coords.out").Chunk(2).ToArray();
        foreach (var (i, point) in Golden.Values<double>("coords.in").Chunk(2).Index())
            SamGeometry.ToResized(point[0], point[1], 301, 200, 128).ShouldBe((expected[i][0], expected[i][1]));
    }

    [Fact]
    public void Only_the_crop_of_an_endless_strip_is_resampled()
    {
        var strip = new RgbImage(60_000, 1, [.. Enumerable.Repeat((byte)200, 180_000)]);
        using var pixels = new ClipPreprocessor(224).Apply(strip);
        Floats(pixels).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public void A_strip_whose_short_edge_vanishes_is_named_by_its_size() =>
        Should.Throw<InvalidDataException>(() => new SamPreprocessor(1024).Apply(new RgbImage(3000, 1, new byte[9000]))).Message.ShouldContain("3000x1");

    private static float[] Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes).ToArray();

    private static float LargestDifference(float[] actual, float[] expected)
    {
        actual.Length.ShouldBe(expected.Length);
        return actual.Zip(expected, (a, e) => Math.Abs(a - e)).Max();
    }
}
