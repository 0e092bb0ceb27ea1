using Pipeline.Segmentation.Images;

namespace Pipeline.Fuzzing.Targets;

/// <summary>PNG through libpng, as an image.</summary>
internal sealed class PngTarget : IFuzzTarget
{
    public string Name => "png";

    public IReadOnlyList<byte[]> Seeds => PngFiles.All;

    public IReadOnlyList<byte[]> Words => PngFiles.Words;

    public long MostBytes(int length) => ImageReading.MostBytes(length);

    public byte[] Dress(byte[] input, Random random) => random.Next(4) > 0 ? PngFiles.WithChecksums(input) : input;

    public Reading Read(byte[] input) => ImageReading.Of(ImageCodec.Decode(input, "image.png"));

    public bool IsRefusal(Exception fault) => fault is InvalidDataException;
}
