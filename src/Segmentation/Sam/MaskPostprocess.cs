using static TorchSharp.torch;

namespace Pipeline.Segmentation.Sam;

/// <summary>Brings low-resolution mask logits to the size of the original image.</summary>
/// <remarks>LISA's model/segment_anything/modeling/sam.py, postprocess_masks: float32, two bilinear resizes without aligned corners, the padding cut off in between.</remarks>
public static class MaskPostprocess
{
    /// <param name="masks">(N, M, h, w) logits.</param>
    /// <param name="imageSize">Side of the encoder's input.</param>
    /// <param name="resized">Height and width of the image inside that input.</param>
    /// <param name="original">Height and width of the original image.</param>
    /// <returns>(N, M, H, W) float32 logits; the mask is where they are above 0.</returns>
    public static Tensor Apply(Tensor masks, int imageSize, (int Height, int Width) resized, (int Height, int Width) original)
    {
        ArgumentNullException.ThrowIfNull(masks);
        using var scope = NewDisposeScope();
        var (count, perPrompt) = (masks.shape[0], masks.shape[1]);
        if (count == 0)
            return empty([0, perPrompt, original.Height, original.Width], ScalarType.Float32, masks.device).MoveToOuterDisposeScope();
        var padded = Resize(masks.to(ScalarType.Float32), imageSize, imageSize);
        var cut = padded.narrow(2, 0, resized.Height).narrow(3, 0, resized.Width);
        return Resize(cut, original.Height, original.Width).MoveToOuterDisposeScope();
    }

    private static Tensor Resize(Tensor masks, long height, long width) =>
        nn.functional.interpolate(masks, size: [height, width], mode: InterpolationMode.Bilinear, align_corners: false);
}
