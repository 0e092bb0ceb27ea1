namespace Pipeline.Contracts.Synthetic;

/// <summary>Colour of an object; stripes and dots are a darker shade of it.</summary>
public enum SceneColor
{
    Red,
    Green,
    Blue,
    Yellow,
    Purple,
    Orange,
    Cyan,
    White,
}
