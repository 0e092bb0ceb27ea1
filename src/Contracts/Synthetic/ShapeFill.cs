namespace Pipeline.Contracts.Synthetic;

/// <summary>Texture of an object; stripes and dots turn with it.</summary>
internal sealed class ShapeFill(PlacedShape shape)
{
    private const int Dark = 120;

    /// <summary>Of stripes or of the grid of dots, 1/256 pixel; at least five pixels.</summary>
    private readonly int period = Math.Max(5 * PlacedShape.One, shape.Radius * 115 / 256);

    /// <returns>Share of the colour's brightness, in 1/256.</returns>
    public int Brightness(int x, int y)
    {
        if (shape.Texture == SceneTexture.Plain)
            return 256;
        var (u, v) = shape.Local(x * PlacedShape.One + PlacedShape.One / 2, y * PlacedShape.One + PlacedShape.One / 2);
        long across = FromMiddle(u), along = FromMiddle(v);
        var dark = shape.Texture == SceneTexture.Striped
            ? 4 * Math.Abs(across) < period
            : 64 * (across * across + along * along) < 7L * period * period;
        return dark ? Dark : 256;
    }

    /// <summary>Distance to the middle of the period.</summary>
    private int FromMiddle(int coordinate)
    {
        var phase = coordinate % period;
        return (phase < 0 ? phase + period : phase) - period / 2;
    }
}
