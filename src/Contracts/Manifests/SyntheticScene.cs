namespace Pipeline.Contracts.Manifests;

/// <summary>The parameters from which a scene, its expressions and its exact masks follow on any machine.</summary>
/// <param name="Seed">Seed of the dataset.</param>
/// <param name="Index">Number of the scene in the dataset.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
public sealed record SyntheticScene(int Seed, int Index, int Width, int Height);
