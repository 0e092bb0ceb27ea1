using Pipeline.Contracts.Models;
using Pipeline.Segmentation.Images;

namespace Pipeline.GpuWorker.Inference;

/// <summary>A loaded model as a worker sees it. Every member belongs on the <see cref="InferenceThread"/>.</summary>
public interface IImageModel : IDisposable
{
    ModelShape Shape { get; }

    /// <summary>Does what all expressions and variants of an image share.</summary>
    IEncodedImage Encode(RgbImage image);
}
