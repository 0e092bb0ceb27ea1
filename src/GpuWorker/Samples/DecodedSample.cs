using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Results;
using Pipeline.Segmentation.Images;

namespace Pipeline.GpuWorker.Samples;

/// <summary>A sample after fetching and decoding.</summary>
/// <param name="Sample">The line of the manifest.</param>
/// <param name="Image">Null when <paramref name="Failure"/> says why.</param>
/// <param name="Truths">One per expression; empty when there is no image.</param>
/// <param name="Failure">Why the whole sample failed.</param>
/// <param name="Milliseconds">Time it took.</param>
internal sealed record DecodedSample(
    Sample Sample, RgbImage? Image, IReadOnlyList<Truth> Truths, PredictionFailure? Failure, double Milliseconds);
