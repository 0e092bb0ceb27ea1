namespace Pipeline.Orchestrator.Api.Keys;

/// <summary>Says in an endpoint's metadata which scope it wants.</summary>
internal sealed record RequiredScope(ApiScope Scope);
