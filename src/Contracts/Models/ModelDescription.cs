namespace Pipeline.Contracts.Models;

/// <summary>A checkpoint on disk, described without loading it.</summary>
/// <param name="Shape">Its sizes.</param>
/// <param name="WeightsHash">SHA-256 (lower-case hex) over its weight, configuration and tokenizer files.</param>
/// <param name="RandomWeights">True when the checkpoint says of itself that it was initialised at random and never trained.</param>
public sealed record ModelDescription(ModelShape Shape, string WeightsHash, bool RandomWeights);
