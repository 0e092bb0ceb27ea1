namespace Pipeline.Chaos;

/// <summary>What a storm does.</summary>
/// <param name="Faults">How many to inject; each kind in turn, in an order of the seed's.</param>
/// <param name="Seed">Decides everything that is left to chance here. What the machine leaves to chance it does not.</param>
/// <param name="Workers">Worker processes.</param>
/// <param name="Orchestrators">Orchestrator processes.</param>
/// <param name="Checkpoint">Model folder.</param>
public sealed record ChaosOptions(int Faults, int Seed, int Workers, int Orchestrators, string Checkpoint)
{
    /// <summary>Only faults whose name contains this.</summary>
    public string Only { get; init; } = "";
}
