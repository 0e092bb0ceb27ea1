namespace Pipeline.Segmentation.Pruning;

/// <summary>What a method may know about the image besides its visual tokens.</summary>
/// <param name="Key">Follows from the image's pixels alone, so that seeded choices differ between images and repeat for one.</param>
public sealed record ImageEvidence(ulong Key);
