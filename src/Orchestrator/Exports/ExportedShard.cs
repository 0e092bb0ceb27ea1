namespace Pipeline.Orchestrator.Exports;

/// <summary>A finished shard as an export reads it.</summary>
/// <param name="First">Position of its first sample in the manifest.</param>
/// <param name="FirstVariant">Index of the first of its variants.</param>
/// <param name="Result">Name of the result that counts.</param>
/// <param name="Sha256">Hash of that result, lower-case hex.</param>
internal sealed record ExportedShard(long First, int Samples, int Expressions, int FirstVariant, int Variants, string Result, string Sha256)
{
    public long Predictions => (long)Expressions * Variants;
}
