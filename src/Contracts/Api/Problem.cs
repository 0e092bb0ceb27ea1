using Pipeline.Contracts.Jobs;

namespace Pipeline.Contracts.Api;

/// <summary>What every request that fails is answered with, as <c>application/problem+json</c> (RFC 9457).</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">What kind of problem it is.</param>
/// <param name="Detail">What is wrong and what would be right.</param>
public sealed record Problem(int Status, string Title, string? Detail)
{
    public const string MediaType = "application/problem+json";

    /// <summary>Always <c>about:blank</c>: status and title say what kind it is.</summary>
    public string Type { get; init; } = "about:blank";

    /// <summary>What is wrong with the body, field by field; none where the body is not to blame.</summary>
    public IReadOnlyList<JobFault>? Errors { get; init; }

    /// <summary>Finds the request in the orchestrator's log.</summary>
    public string? TraceId { get; init; }
}
