namespace Pipeline.Contracts.Synthetic;

/// <summary>How an object is filled.</summary>
public enum SceneTexture
{
    Plain,
    Striped,
    Dotted,
}
