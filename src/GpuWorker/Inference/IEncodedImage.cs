using Pipeline.Contracts.Manifests;
using Pipeline.Segmentation.Lisa;
using Pipeline.Segmentation.Pruning;

namespace Pipeline.GpuWorker.Inference;

/// <summary>One image after the vision towers, ready for any number of variants.</summary>
public interface IEncodedImage : IDisposable
{
    /// <summary>Runs one variant over a batch of expressions, each with its answer forced.</summary>
    /// <param name="expressions">At least one.</param>
    /// <param name="pruning">The variant.</param>
    /// <param name="trace">Empty; with it, every output has its stages.</param>
    /// <returns>One output per expression, in their order.</returns>
    IReadOnlyList<SegmentationOutput> Segment(IReadOnlyList<Expression> expressions, IPruningMethod pruning, PruningTrace? trace = null);

    /// <summary>Runs one variant over a batch of expressions, and the model writes the answers.</summary>
    /// <param name="expressions">At least one.</param>
    /// <param name="pruning">The variant.</param>
    /// <param name="maxNewTokens">Tokens an answer may have; at least 1.</param>
    /// <param name="trace">Empty; with it, every output has its stages.</param>
    /// <returns>One output per expression, in their order, with what was said.</returns>
    IReadOnlyList<SegmentationOutput> Generate(IReadOnlyList<Expression> expressions, IPruningMethod pruning, int maxNewTokens, PruningTrace? trace = null);
}
