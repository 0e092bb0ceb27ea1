using static TorchSharp.torch;

namespace Pipeline.Segmentation.Images;

/// <summary>An image as SAM's encoder wants it, with the sizes that lead its masks back to the original.</summary>
/// <param name="Pixels">(1, 3, S, S) float32 on the CPU; the image in the upper left, zeros right and below.</param>
public sealed record SamInput(Tensor Pixels, int ResizedHeight, int ResizedWidth, int OriginalHeight, int OriginalWidth) : IDisposable
{
    public void Dispose() => Pixels.Dispose();
}
