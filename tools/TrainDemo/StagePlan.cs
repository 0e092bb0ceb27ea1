namespace Pipeline.TrainDemo;

/// <summary>How long and how fast a stage trains.</summary>
internal sealed record StagePlan
{
    public required int Steps { get; init; }

    /// <summary>Steps over which the cosine is laid out; a stage may end before, while the rate is still high.</summary>
    /// <value>Default <see cref="Steps"/>.</value>
    public int? ScheduleSteps { get; init; }

    /// <summary>Images that each rank sees in a step.</summary>
    public required int ImagesPerRank { get; init; }

    /// <summary>Images that are differentiated together; what does not fit a processor's cache is slower.</summary>
    public required int ImagesPerGraph { get; init; }

    /// <summary>Greatest learning rate.</summary>
    public required double Rate { get; init; }

    /// <summary>Steps over which the rate rises from zero.</summary>
    public int WarmUp { get; init; } = 50;

    /// <summary>Share of the rate that is left at the end of the cosine.</summary>
    public required double FinalShare { get; init; }
}
