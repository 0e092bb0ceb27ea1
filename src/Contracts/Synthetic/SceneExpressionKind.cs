namespace Pipeline.Contracts.Synthetic;

/// <summary>What one must look at to understand an expression.</summary>
public enum SceneExpressionKind
{
    /// <summary>The object's own looks: "the small red circle".</summary>
    Attribute,

    /// <summary>Comparing sizes: "the largest striped object".</summary>
    Size,

    /// <summary>Comparing positions: "the leftmost circle".</summary>
    Superlative,

    /// <summary>Position relative to another object: "the star above the blue ring".</summary>
    Relation,
}
