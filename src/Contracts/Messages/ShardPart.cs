namespace Pipeline.Contracts.Messages;

/// <summary>Which part of a manifest slice a shard is, and which of the job's variants it runs. A shard as it was planned is a whole slice; one that was split is less.</summary>
/// <param name="Skip">Samples of the slice before the shard's first.</param>
/// <param name="Samples">Samples of the shard.</param>
/// <param name="FirstVariant">Index of its first variant in <see cref="Jobs.JobSpec.Variants"/>.</param>
/// <param name="Variants">Variants it runs, from that one on.</param>
public sealed record ShardPart(int Skip, int Samples, int FirstVariant, int Variants);
