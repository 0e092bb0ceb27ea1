using System.Text.Json.Nodes;

namespace Pipeline.Contracts.Jobs;

/// <summary>One pruning configuration of the sweep.</summary>
/// <param name="Name">Stable and unique in a job: <c>none</c>, <c>fastv:layer=2,keep=0.5</c>; settings in the order of the job file.</param>
/// <param name="Method">Name of the pruning method.</param>
/// <param name="Settings">The method's parameters as given, without defaults, under their job-file names.</param>
/// <param name="Hash">SHA-256 (lower-case hex) of the canonical JSON of method and settings, keys sorted.</param>
public sealed record VariantSpec(string Name, string Method, IReadOnlyDictionary<string, JsonNode> Settings, string Hash);
