namespace Pipeline.Contracts.Api;

/// <summary>A job's new priority.</summary>
/// <param name="Priority">-100 to 100; larger ones go first. Null is refused as missing.</param>
public sealed record PriorityChange(int? Priority);
