using System.Runtime.InteropServices;
using System.Text.Json;
using Pipeline.Segmentation.Images;
using Pipeline.Segmentation.Superpixels;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Verification;

/// <summary>Group <c>slic</c>: CIELAB within 1e-9, and the label maps of colour and gray images, where the error is the number of pixels that differ.</summary>
internal sealed class SlicGroup : IGoldenGroup
{
    private const string CasesFile = "cases.json";
    private const string Gray = "gray";
    private const string GrayLabels = "gray.labels";
    private const double LabTolerance = 1e-9;

    /// <summary>These stand in the set's description only.</summary>
    private static readonly SlicOptions GrayOptions = new() { Segments = 40, Compactness = 0.3, StartLabel = 0 };

    public string Name => "slic";

    public void Verify(GoldenFolder golden)
    {
        foreach (var (name, numbers) in golden.Series("lab.*"))
            golden.Compare(name, LabTolerance, () => Lab(golden, numbers[0], stretched: false));
        foreach (var (name, numbers) in golden.Series("lab_slic.*"))
            golden.Compare(name, LabTolerance, () => Lab(golden, numbers[0], stretched: true));
        golden.Guard([CasesFile], () => Cases(golden));
        if (IsLeft(golden, GrayLabels)) Labels(golden, GrayLabels, Gray, () => GrayOptions);
        foreach (var (name, _) in golden.Series("labels.*.*"))
        {
            if (IsLeft(golden, name)) golden.Fail(name, $"{golden.File(CasesFile)} has no case for it");
        }
    }

    private static bool IsLeft(GoldenFolder golden, string labels) => golden.Rows.All(row => row.Tensor != labels);

    private static void Cases(GoldenFolder golden)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(golden.File(CasesFile)));
        foreach (var entry in document.RootElement.EnumerateArray())
        {
            var image = entry.GetProperty("image");
            var labels = entry.GetProperty("labels").GetString() ?? throw new InvalidDataException($"{golden.File(CasesFile)} has a case without 'labels'");
            Labels(golden, labels, image.ValueKind == JsonValueKind.Number ? $"image.{image}" : $"{image}", () => SlicParameters.Read(entry.GetProperty("params")));
        }
    }

    private static void Labels(GoldenFolder golden, string labels, string image, Func<SlicOptions> options) =>
        golden.Compare(labels, 0, () => tensor((double)Differing(golden, labels, Segment(golden, image, options()))), _ => tensor(0.0));

    private static int Differing(GoldenFolder golden, string labels, LabelMap actual)
    {
        var expected = golden.Expected().Weights.Get(labels, actual.Height, actual.Width).to(ScalarType.Int32).contiguous();
        return MemoryMarshal.Cast<byte, int>(expected.bytes).ToArray().Zip(actual.Labels).Count(pair => pair.First != pair.Second);
    }

    private static LabelMap Segment(GoldenFolder golden, string image, SlicOptions options)
    {
        var (samples, height, width, channels) = Samples(golden, image);
        return channels == 1 ? Slic.SegmentGray(width, height, samples, options) : Slic.Segment(new RgbImage(width, height, samples), options);
    }

    private static Tensor Lab(GoldenFolder golden, int image, bool stretched)
    {
        var (samples, height, width, channels) = Samples(golden, $"image.{image}");
        var planes = stretched ? ColorPlanes.Stretched(samples, height, width, channels) : ColorPlanes.Plain(samples, height, width, channels);
        CieLab.Convert(planes);
        var result = empty(height, width, 3, dtype: ScalarType.Float64);
        var values = MemoryMarshal.Cast<byte, double>(result.bytes);
        for (var i = 0; i < values.Length; i++) values[i] = planes.Channels[i % 3][i / 3];
        return result;
    }

    private static (byte[] Samples, int Height, int Width, int Channels) Samples(GoldenFolder golden, string name)
    {
        var image = golden.Expected().Weights.Get(name);
        if (image.dtype != ScalarType.Byte || image.shape is not ([_, _] or [_, _, 3]))
            throw new InvalidDataException($"{name} is {image.dtype} of shape ({string.Join(", ", image.shape)}); expected 8-bit samples of shape (H, W) or (H, W, 3)");
        return (image.contiguous().bytes.ToArray(), checked((int)image.shape[0]), checked((int)image.shape[1]), image.shape.Length == 2 ? 1 : 3);
    }
}
