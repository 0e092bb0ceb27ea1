namespace Pipeline.Fuzzing;

/// <summary>How much is tried.</summary>
/// <param name="Inputs">For each target.</param>
/// <param name="Seed">Decides every input.</param>
/// <param name="Folder">Where findings go: a folder for each target.</param>
public sealed record CampaignOptions(long Inputs, int Seed, string Folder)
{
    /// <summary>Children at once.</summary>
    /// <value>Default one per core.</value>
    public int Children { get; init; } = Environment.ProcessorCount;

    /// <summary>Processor time that one input may take; more is a hang.</summary>
    /// <value>Default 10 s.</value>
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time that one input may take, working or waiting; more is a hang too. A busy machine lets a process wait for long.</summary>
    /// <value>Default 2 min.</value>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(2);
}
