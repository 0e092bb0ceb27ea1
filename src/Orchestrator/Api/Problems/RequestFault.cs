using Pipeline.Contracts.Jobs;

namespace Pipeline.Orchestrator.Api.Problems;

/// <summary>A request that is answered with a problem.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="detail">For the client.</param>
internal sealed class RequestFault(int status, string detail) : Exception(detail)
{
    public int Status => status;

    /// <summary>What is wrong with the body, field by field.</summary>
    public IReadOnlyList<JobFault>? Errors { get; init; }

    /// <summary>When the client may come again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static RequestFault Wrong(string field, string message) =>
        new(StatusCodes.Status400BadRequest, $"{field} {message}") { Errors = [new JobFault(field, message)] };

    /// <param name="fault">Its message begins with the field and a colon.</param>
    public static RequestFault Wrong(InvalidDataException fault)
    {
        var colon = fault.Message.IndexOf(": ", StringComparison.Ordinal);
        return colon < 0 ? new RequestFault(StatusCodes.Status400BadRequest, fault.Message) : Wrong(fault.Message[..colon], fault.Message[(colon + 2)..]);
    }
}
