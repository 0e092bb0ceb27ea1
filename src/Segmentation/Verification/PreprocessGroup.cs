using System.Runtime.InteropServices;
using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Images;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Verification;

/// <summary>Group <c>preprocess</c>: images as CLIP and SAM want them, sizes and points on the way, ReasonSeg's masks, and LISA's metrics.</summary>
internal sealed class PreprocessGroup : IGoldenGroup
{
    private const string IoFile = "io.safetensors";
    private const double Tolerance = 1e-6;
    private const double HalfTolerance = 2e-3;

    // The files do not say for which size coords.out was made: that of the public set, or that of one of the set's images.
    private static readonly PointCase PublicCase = new(301, 200, 128);

    public string Name => "preprocess";

    public void Verify(GoldenFolder golden)
    {
        using var file = SafetensorsFile.Open(golden.File(IoFile));
        var stored = file.Entries.ToDictionary(entry => entry.Name);
        foreach (var (name, numbers) in golden.Series("clip*.*"))
        {
            var tolerance = stored[name].Dtype == ScalarType.Float16 ? HalfTolerance : Tolerance;
            golden.Compare(name, tolerance, () => new ClipPreprocessor(Edge(stored[name])).Apply(Image(golden, numbers[1]))[0]);
        }
        foreach (var (name, numbers) in golden.Series("sam*.resized.*"))
            golden.Compare(name, 0, () => Pixels(new SamPreprocessor(numbers[0]).Resize(Image(golden, numbers[1]))));
        foreach (var (name, numbers) in golden.Series("sam*.input.*"))
            golden.Compare(name, Tolerance, () => new SamPreprocessor(numbers[0]).Apply(Image(golden, numbers[1])).Pixels[0]);
        golden.Compare("preprocess_shape", 0, () => ResizedSizes(golden.Expected().Weights.Get("preprocess_shape", -1, 5)));
        golden.Guard(["coords.out"], () => Points(golden));
        ReasonSegCases.Verify(golden);
        MetricCases.Verify(golden);
    }

    private static int Edge(TensorEntry entry) => entry.Shape is [3, var height, var width] && height == width
        ? checked((int)width)
        : throw new InvalidDataException($"has shape ({string.Join(", ", entry.Shape)}); expected (3, S, S)");

    private static RgbImage Image(GoldenFolder golden, int index)
    {
        var tensor = golden.Expected().Weights.Get($"image.{index}", -1, -1, 3);
        return tensor.dtype == ScalarType.Byte
            ? new(checked((int)tensor.shape[1]), checked((int)tensor.shape[0]), tensor.contiguous().bytes.ToArray())
            : throw new InvalidDataException($"image.{index} is {tensor.dtype}; expected 8-bit samples");
    }

    private static Tensor Pixels(RgbImage image)
    {
        var tensor = empty(image.Height, image.Width, 3, dtype: ScalarType.Byte);
        image.Pixels.CopyTo(tensor.bytes);
        return tensor;
    }

    /// <param name="rows">(N, 5): height, width, longest edge, and what they become.</param>
    private static Tensor ResizedSizes(Tensor rows)
    {
        var sizes = rows.clone();
        var values = MemoryMarshal.Cast<byte, long>(sizes.bytes);
        for (var i = 0; i < values.Length; i += 5)
            (values[i + 3], values[i + 4]) = SamGeometry.ResizedSize((int)values[i], (int)values[i + 1], (int)values[i + 2]);
        return sizes;
    }

    private static void Points(GoldenFolder golden)
    {
        // In double precision, which the folder's tensors of float32 would lose.
        using var file = Checkpoint.Open(golden.File(IoFile), CPU, ScalarType.Float64);
        var points = MemoryMarshal.Cast<byte, double>(file.Weights.Get("coords.in", -1, 2).contiguous().bytes).ToArray();
        var expected = MemoryMarshal.Cast<byte, double>(file.Weights.Get("coords.out", -1, 2).contiguous().bytes).ToArray();
        var sizes = golden.Series("image.*").Select(image => Image(golden, image.Numbers[0]));
        var edges = golden.Series("sam*.resized.*").Select(resized => resized.Numbers[0]).Distinct();
        var cases = sizes.SelectMany(size => edges.Select(edge => new PointCase(size.Height, size.Width, edge)));
        var explains = cases.FirstOrDefault(candidate => candidate.Resize(points).SequenceEqual(expected)) ?? PublicCase;
        golden.Equal("coords.out", expected, () => explains.Resize(points));
    }

    private sealed record PointCase(int Height, int Width, int Longest)
    {
        public double[] Resize(double[] points) =>
            [.. points.Chunk(2).Select(point => SamGeometry.ToResized(point[0], point[1], Height, Width, Longest)).SelectMany(point => new[] { point.X, point.Y })];
    }
}
