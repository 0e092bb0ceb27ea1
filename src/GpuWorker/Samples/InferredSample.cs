namespace Pipeline.GpuWorker.Samples;

/// <summary>A sample after the model.</summary>
/// <param name="Decoded">Where it came from.</param>
/// <param name="Outcomes">By expression of the part, then by variant; complete.</param>
/// <param name="SharedMilliseconds">Decoding and encoding: the work all its predictions share.</param>
internal sealed record InferredSample(DecodedSample Decoded, IReadOnlyList<IReadOnlyList<Outcome>> Outcomes, double SharedMilliseconds);
