using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Models;

namespace Pipeline.Contracts.Results;

/// <summary>A planned job as workers and reports see it; stored as <c>jobs/ID/job.json</c> before the first shard is dispatched.</summary>
/// <param name="Id">Job id.</param>
/// <param name="Spec">The resolved specification.</param>
/// <param name="Model">The checkpoint as it was when the job was submitted.</param>
/// <param name="CodeVersion">Version of the code that planned it.</param>
/// <param name="Samples">Samples in the manifest.</param>
/// <param name="Expressions">Expressions in the manifest; predictions are these times the variants.</param>
/// <param name="ManifestHash">SHA-256 over the slices' hashes, in order.</param>
/// <param name="OverlaySamples">Ids of the samples shown in the report.</param>
public sealed record ResolvedJob(
    Guid Id,
    JobSpec Spec,
    ModelDescription Model,
    string CodeVersion,
    long Samples,
    long Expressions,
    string ManifestHash,
    IReadOnlyList<string> OverlaySamples)
{
    /// <summary>Bytes it may have as an artifact; a thousand variants and a thousand samples shown are less than one million.</summary>
    public const int LargestFile = 64 << 20;
}
