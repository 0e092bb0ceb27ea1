using Pipeline.Segmentation.Images;

namespace Pipeline.Fuzzing.Targets;

/// <summary>PNG through libpng, as a mask.</summary>
internal sealed class MaskPngTarget : IFuzzTarget
{
    public string Name => "mask-png";

    public IReadOnlyList<byte[]> Seeds => PngFiles.All;

    public IReadOnlyList<byte[]> Words => PngFiles.Words;

    public long MostBytes(int length) => ImageReading.MostBytes(length);

    public byte[] Dress(byte[] input, Random random) => random.Next(4) > 0 ? PngFiles.WithChecksums(input) : input;

    public Reading Read(byte[] input)
    {
        var (width, height, values) = ImageCodec.DecodeGray(input, "mask.png");
        return ImageReading.Of(width, height, values.Length);
    }

    public bool IsRefusal(Exception fault) => fault is InvalidDataException;
}
