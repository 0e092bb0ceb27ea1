using Pipeline.Contracts.Models;

namespace Pipeline.Contracts.Jobs;

/// <summary>A job file after reading: a specification that may be submitted, or everything that is wrong with it.</summary>
public sealed record JobReading
{
    /// <summary>The job file as it was named.</summary>
    public required string File { get; init; }

    /// <summary>Null if there is any fault.</summary>
    public JobSpec? Spec { get; init; }

    /// <summary>The checkpoint as its files describe it; null if that failed.</summary>
    public ModelDescription? Model { get; init; }

    /// <summary>In the order of the document; empty if the job may be submitted.</summary>
    public required IReadOnlyList<JobFault> Faults { get; init; }
}
