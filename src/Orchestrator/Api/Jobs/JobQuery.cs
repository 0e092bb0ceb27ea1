using System.ComponentModel;

namespace Pipeline.Orchestrator.Api.Jobs;

/// <summary>Which jobs are asked for.</summary>
internal sealed record JobQuery(
    [property: Description("Only jobs in this state.")] string? State,
    [property: Description("Only jobs of this name.")] string? Name,
    [property: Description("Only jobs whose id begins with this.")] string? Id,
    [property: Description("At most so many, 1 to 200; 50 by default.")] int? Limit,
    [property: Description("The 'next' of the part before.")] string? After);
