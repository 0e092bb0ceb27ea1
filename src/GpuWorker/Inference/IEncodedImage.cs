using Pipeline.Contracts.Manifests;
using Pipeline.Segmentation.Lisa;
using Pipeline.Segmentation.Pruning;

namespace Pipeline.GpuWorker.Inference;

/// <summary>One image after the vision towers, ready for any number of variants.</summary>
public interface IEncodedImage : IDisposable
{
    /// <summary>Runs one variant over a batch of expressions.</summary>
    /// <param name="expressions">At least one.</param>
    /// <param name="pruning">The variant.</param>
    /// <param name="trace">Empty; with it, every output has its stages.</param>
    /// <returns>One output per expression, in their order.</returns>
    IReadOnlyList<SegmentationOutput> Segment(IReadOnlyList<Expression> expressions, IPruningMethod pruning, PruningTrace? trace = null);
}
