namespace Pipeline.Contracts.Synthetic;

/// <summary>The four directions, as seen in the picture.</summary>
internal enum SceneDirection
{
    Left,
    Right,
    Up,
    Down,
}
