namespace Pipeline.Contracts.Synthetic;

/// <summary>Outline of an object, upright but for a tilt of at most 20 degrees.</summary>
public enum SceneShape
{
    Circle,
    Square,

    /// <summary>Equilateral, point up.</summary>
    Triangle,

    /// <summary>A disc with a hole; what lies behind shows through.</summary>
    Ring,

    /// <summary>Five points.</summary>
    Star,

    /// <summary>A plus.</summary>
    Cross,
}
