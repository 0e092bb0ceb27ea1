using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Jobs;

/// <summary>What is said when a job cannot do what was asked.</summary>
internal static class JobStates
{
    /// <param name="right">What would be right.</param>
    public static JobStateException Wrong(JobRow job, string right) =>
        new($"Job {job.Id} is {Word(job)}; {right}.");

    public static KeyNotFoundException Unknown(Guid job) => new($"The ledger has no job {job}.");

    private static string Word(JobRow job) => job.State switch
    {
        JobState.Planning => "being planned",
        JobState.Deleting => "being deleted",
        _ => job.State.ToString().ToLowerInvariant(),
    };
}
