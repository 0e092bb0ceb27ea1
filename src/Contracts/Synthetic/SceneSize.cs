namespace Pipeline.Contracts.Synthetic;

/// <summary>Size of an object. The largest small radius is 0.71 of the smallest large one.</summary>
public enum SceneSize
{
    /// <summary>Radius 19 to 25 of 256 parts of the image's shorter side.</summary>
    Small,

    /// <summary>Radius 35 to 50 of 256 parts of the image's shorter side.</summary>
    Large,
}
