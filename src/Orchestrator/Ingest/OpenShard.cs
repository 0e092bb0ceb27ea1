namespace Pipeline.Orchestrator.Ingest;

/// <summary>A shard that a result may complete, and what the result is held to.</summary>
/// <param name="First">Position of its first sample in the manifest.</param>
/// <param name="Skip">Samples of the slice before its first.</param>
/// <param name="Samples">Samples of the slice that are its own.</param>
/// <param name="FirstVariant">Index of its first variant.</param>
/// <param name="Variants">Variants it ran, from that one on.</param>
/// <param name="Methods">The pruning method of each variant of the job.</param>
internal sealed record OpenShard(
    long First, string Slice, string SliceSha256, int Skip, int Samples, int FirstVariant, int Variants, List<string> Methods);
