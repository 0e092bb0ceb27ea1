using Pipeline.Contracts.Api;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Jobs;

/// <summary>Where a job stands at one moment.</summary>
/// <param name="Job">Job id.</param>
/// <param name="Name">What the user calls it.</param>
/// <param name="State">Its state in the ledger.</param>
/// <param name="Reason">Why it stopped or was cancelled; null otherwise.</param>
/// <param name="Samples">Samples in the manifest; 0 while planning.</param>
/// <param name="SamplesDone">Samples whose predictions of all variants are done, those of shards in flight as their workers say.</param>
/// <param name="SamplesPerSecond">Over the last minute or so; null until that can be said.</param>
/// <param name="TimeLeft">At this rate; null until that can be said.</param>
/// <param name="Variants">In the order of the job.</param>
public sealed record JobProgress(
    Guid Job,
    string Name,
    JobState State,
    string? Reason,
    long Samples,
    long SamplesDone,
    double? SamplesPerSecond,
    TimeSpan? TimeLeft,
    IReadOnlyList<VariantProgress> Variants)
{
    /// <summary>Its manifest is written; there is something to report.</summary>
    public bool Planned => Samples > 0;

    /// <summary>How many of its shards are where.</summary>
    public required ShardCounts Shards { get; init; }

    /// <summary>Nothing of it is dispatched until it is resumed.</summary>
    public bool Paused { get; init; }

    /// <summary>Larger ones go first.</summary>
    public int Priority { get; init; }

    /// <summary>Name of the API key that submitted it.</summary>
    public string? SubmittedBy { get; init; }

    public DateTimeOffset SubmittedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Nothing more will happen to it by itself.</summary>
    public bool Ended => State is not (JobState.Planning or JobState.Running);
}
