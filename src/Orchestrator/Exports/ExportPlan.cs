using Pipeline.Contracts.Api;

namespace Pipeline.Orchestrator.Exports;

/// <summary>What an export will hold, as of one moment.</summary>
/// <param name="Shards">In the order of the manifest.</param>
internal sealed record ExportPlan(ExportHeader Header, IReadOnlyList<ExportedShard> Shards);
