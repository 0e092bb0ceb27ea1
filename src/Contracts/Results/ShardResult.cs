namespace Pipeline.Contracts.Results;

/// <summary>Everything one attempt at a shard produced; stored as <c>jobs/ID/results/SHARD-ATTEMPT-HASH.jsonl.gz</c>: a header line, then one prediction a line.</summary>
/// <param name="Job">Job id.</param>
/// <param name="Shard">Index of the shard.</param>
/// <param name="Attempt">The attempt that made it.</param>
/// <param name="Worker">Name of the worker.</param>
/// <param name="CodeVersion">Version of the worker's code.</param>
/// <param name="Predictions">Sorted by sample (manifest order), expression, variant; complete for the shard.</param>
public sealed record ShardResult(
    Guid Job,
    int Shard,
    int Attempt,
    string Worker,
    string CodeVersion,
    IReadOnlyList<Prediction> Predictions);
