namespace Pipeline.Contracts.Results;

/// <summary>First line of a shard result: whose it is and how many predictions must follow.</summary>
/// <param name="Format">Always <see cref="ShardResultFile.Format"/>.</param>
/// <param name="Predictions">Lines after this one.</param>
internal sealed record ShardResultHeader(string Format, Guid Job, int Shard, int Attempt, string Worker, string CodeVersion, int Predictions);
