using Pipeline.Evaluation;

namespace Pipeline.Contracts.Synthetic;

/// <summary>One object of a scene as it is seen: what others hide of it does not count.</summary>
public sealed record SceneObject
{
    public required SceneShape Shape { get; init; }

    public required SceneColor Color { get; init; }

    public required SceneTexture Texture { get; init; }

    public required SceneSize Size { get; init; }

    /// <summary>Nominal radius in 1/256 pixel.</summary>
    public required int Radius { get; init; }

    /// <summary>Mean column of the visible pixels' centres, in 1/256 pixel from the left edge.</summary>
    public required long CentroidX { get; init; }

    /// <summary>Mean row of the visible pixels' centres, in 1/256 pixel from the top edge.</summary>
    public required long CentroidY { get; init; }

    /// <summary>Visible pixels.</summary>
    public required int Area { get; init; }

    /// <summary>Pixels of the object in the image before others hid any.</summary>
    public required int FullArea { get; init; }

    /// <summary>Box of the visible pixels.</summary>
    public required PixelBox Bounds { get; init; }

    /// <summary>The visible pixels.</summary>
    public required Rle Mask { get; init; }
}
