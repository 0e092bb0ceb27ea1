namespace Pipeline.Contracts.Synthetic;

/// <summary>Texture of an object; stripes and dots turn with it.</summary>
internal sealed class ShapeFill(PlacedShape shape, FillStyle style)
{
    /// <summary>Of stripes or of the grid of dots, 1/256 pixel; at least five pixels.</summary>
    private readonly int period = Math.Max(5 * PlacedShape.One, shape.Radius * style.Period / 256);

    /// <returns>Share of the colour's brightness, in 1/256.</returns>
    public int Brightness(int x, int y)
    {
        if (shape.Texture == SceneTexture.Plain)
            return 256;
        var (u, v) = shape.Local(x * PlacedShape.One + PlacedShape.One / 2, y * PlacedShape.One + PlacedShape.One / 2);
        return (shape.Texture == SceneTexture.Striped ? IsOnStripe(u, v) : IsOnDot(u, v)) ? style.Dark : 256;
    }

    private bool IsOnStripe(int u, int v)
    {
        var across = style.Stripes switch
        {
            StripeDirection.Upright => u,
            StripeDirection.Level => v,
            StripeDirection.Rising => Diagonal(u + v),
            _ => Diagonal(u - v),
        };
        return 4L * Math.Abs(FromMiddle(across)) < period;
    }

    private bool IsOnDot(int u, int v)
    {
        long across = FromMiddle(style.Staggered && IsInOddRow(v) ? u + period / 2 : u), along = FromMiddle(v);
        return 64 * (across * across + along * along) < 7L * period * period;
    }

    /// <summary>The length of a side of a square from the sum of two, 181/256 of it.</summary>
    private static int Diagonal(int sum) => (int)((sum * 181L) >> 8);

    private bool IsInOddRow(int v) => ((v - Phase(v)) / period & 1) != 0;

    /// <summary>Distance to the middle of the period.</summary>
    private int FromMiddle(int coordinate) => Phase(coordinate) - period / 2;

    private int Phase(int coordinate) => coordinate % period is var phase && phase < 0 ? phase + period : phase;
}
