using Pipeline.Segmentation.Pruning;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Lisa;

/// <summary>What of an image is the same for every expression and every pruning variant.</summary>
public sealed class EncodedImage : IDisposable
{
    /// <summary>(1, N, d), as the language model sees them.</summary>
    public required Tensor VisualTokens { get; init; }

    /// <summary>(1, C, h, w), SAM's image embedding.</summary>
    public required Tensor Embedding { get; init; }

    /// <summary>(1, 1 + N, C), what the last vision layer saw; the evidence looks at its attention when a method asks.</summary>
    public required Tensor LastVisionInput { get; init; }

    /// <summary>Size inside SAM's input, pixels.</summary>
    public required (int Height, int Width) Resized { get; init; }

    /// <summary>Size of the image itself, pixels.</summary>
    public required (int Height, int Width) Original { get; init; }

    /// <summary>What pruning methods may know.</summary>
    public required ImageEvidence Evidence { get; init; }

    public void Dispose()
    {
        VisualTokens.Dispose();
        Embedding.Dispose();
        LastVisionInput.Dispose();
        Evidence.Dispose();
    }
}
