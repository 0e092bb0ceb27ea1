using Pipeline.Segmentation.Images;

namespace Pipeline.GpuWorker.Tests.Fakes;

/// <summary>Label maps as files, such as datasets bring them.</summary>
internal static class GrayPng
{
    /// <param name="values">Height x width, row-major.</param>
    public static byte[] Encode(int width, int height, byte[] values) =>
        ImageCodec.EncodePng(new RgbImage(width, height, [.. values.SelectMany(value => new[] { value, value, value })]));
}
