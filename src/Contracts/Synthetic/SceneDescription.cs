namespace Pipeline.Contracts.Synthetic;

/// <summary>What is in a scene, without its pixels.</summary>
/// <param name="Objects">2 to 6 (7 to 9 in the split <c>crowded</c>), from the farthest to the nearest.</param>
/// <param name="Expressions">As many as asked for, no text twice.</param>
public sealed record SceneDescription(IReadOnlyList<SceneObject> Objects, IReadOnlyList<SceneExpression> Expressions);
