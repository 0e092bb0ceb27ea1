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

    /// <summary>One input that takes longer hangs.</summary>
    /// <value>Default 10 s, far more than any input takes on a busy machine.</value>
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(10);
}
