using System.Text.Json.Serialization;

namespace Pipeline.Contracts.Manifests;

/// <summary>The parameters from which a scene, its expressions and its exact masks follow on any machine.</summary>
/// <param name="Seed">Seed of the dataset.</param>
/// <param name="Index">Number of the scene in the dataset.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Split">Part of the scenes; not written to JSON where it is the held-out one.</param>
public sealed record SyntheticScene(
    int Seed,
    int Index,
    int Width,
    int Height,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault), JsonConverter(typeof(SyntheticSplitConverter))]
    SyntheticSplit Split = SyntheticSplit.Heldout);
