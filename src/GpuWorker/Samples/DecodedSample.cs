using Pipeline.Contracts.Results;
using Pipeline.Segmentation.Images;

namespace Pipeline.GpuWorker.Samples;

/// <summary>A sample after fetching and decoding.</summary>
/// <param name="Part">The sample, or some of its expressions.</param>
/// <param name="Image">Null when <paramref name="Failure"/> says why.</param>
/// <param name="Truths">One per expression of the part; empty when there is no image.</param>
/// <param name="Failure">Why the whole sample failed.</param>
/// <param name="Milliseconds">Time it took.</param>
internal sealed record DecodedSample(
    SamplePart Part, RgbImage? Image, IReadOnlyList<Truth> Truths, PredictionFailure? Failure, double Milliseconds);
