using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Results;

namespace Pipeline.GpuWorker.Samples;

/// <summary>A sample whose image is here, if it lay at an address.</summary>
/// <param name="Sample">The line of the manifest.</param>
/// <param name="Content">The image's bytes; null for one that is read or drawn, and where <paramref name="Failure"/> says why.</param>
/// <param name="Failure">Why it could not be fetched.</param>
internal sealed record FetchedSample(Sample Sample, ReadOnlyMemory<byte>? Content, PredictionFailure? Failure);
