using Pipeline.Contracts.Manifests;
using Pipeline.Segmentation.Lisa;
using Pipeline.Segmentation.Pruning;

namespace Pipeline.GpuWorker.Inference;

/// <summary>One image after the vision towers, ready for any number of variants.</summary>
public interface IEncodedImage : IDisposable
{
    /// <summary>Runs one variant over a batch of expressions.</summary>
    /// <returns>One output per expression, in their order.</returns>
    IReadOnlyList<SegmentationOutput> Segment(IReadOnlyList<Expression> expressions, IPruningMethod pruning);
}
