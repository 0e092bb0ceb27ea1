namespace Pipeline.Cli.Inspection;

/// <summary>What was seen of one mask.</summary>
/// <param name="Share">Of the image that is the object, 0 to 1.</param>
/// <param name="Ignores">Whether pixels of it count for nothing.</param>
/// <param name="Overlaps">Whether parts of it lie over each other.</param>
/// <param name="Fault">Why it cannot be used; null where it can.</param>
internal sealed record MaskLook(double Share, bool Ignores, bool Overlaps, string? Fault);
