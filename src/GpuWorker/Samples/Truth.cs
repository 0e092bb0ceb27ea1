using Pipeline.Contracts.Results;

namespace Pipeline.GpuWorker.Samples;

/// <summary>Ground truth of one expression: a mask, none known, or one that could not be had.</summary>
/// <param name="Mask">Height x width, row-major: 0 background, 1 the object, 255 ignored; null where there is none.</param>
/// <param name="Failure">Why a mask that should be there is not.</param>
internal sealed record Truth(byte[]? Mask, PredictionFailure? Failure)
{
    public static Truth Unknown { get; } = new(null, null);
}
