namespace Pipeline.Contracts.Synthetic;

/// <summary>A scene with its pixels.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Rgb">Height x width x 3 bytes, row-major.</param>
/// <param name="Description">What is in it.</param>
public sealed record Scene(int Width, int Height, byte[] Rgb, SceneDescription Description)
{
    public IReadOnlyList<SceneExpression> Expressions => Description.Expressions;
}
