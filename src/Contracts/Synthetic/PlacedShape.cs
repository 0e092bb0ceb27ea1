namespace Pipeline.Contracts.Synthetic;

/// <summary>An object where it was put. Lengths in 1/256 pixel, sine and cosine of its tilt in 1/16384.</summary>
internal sealed record PlacedShape(SceneShape Shape, SceneColor Color, SceneTexture Texture, SceneSize Size, int Radius, int X, int Y, int Cosine, int Sine)
{
    public const int One = 256;

    /// <summary>No shape reaches farther than this from its centre.</summary>
    public int Reach => Radius * 5 / 4;

    /// <summary>A point of the image in the upright frame of the shape, its centre at (0, 0).</summary>
    public (int U, int V) Local(int x, int y)
    {
        long dx = x - X, dy = y - Y;
        return ((int)((dx * Cosine + dy * Sine) >> 14), (int)((dy * Cosine - dx * Sine) >> 14));
    }

    /// <param name="u">To the right, local frame.</param>
    /// <param name="v">Downwards, local frame.</param>
    public bool Contains(int u, int v) => Shape switch
    {
        SceneShape.Circle => Square(u) + Square(v) <= Square(Radius),
        SceneShape.Square => Math.Max(Math.Abs(u), Math.Abs(v)) <= Part(220),
        SceneShape.Triangle => IsInTriangle(u, v),
        SceneShape.Ring => Square(u) + Square(v) is var square && square <= Square(Radius) && square >= Square(Part(140)),
        SceneShape.Star => IsInStar(u, v),
        _ => Math.Min(Math.Abs(u), Math.Abs(v)) <= Part(84) && Math.Max(Math.Abs(u), Math.Abs(v)) <= Radius,
    };

    private static long Square(long value) => value * value;

    /// <summary>So many 256ths of the radius.</summary>
    private int Part(int share) => (int)((long)Radius * share / One);

    /// <summary>Inside three half-planes at distance 0.6 r from the centre, so the points are 1.2 r away.</summary>
    private bool IsInTriangle(int u, int v)
    {
        long inner = Part(154);
        return v <= inner && 887L * Math.Abs(u) - 512L * v <= 1024 * inner;
    }

    /// <summary>A pentagram with points 1.25 r away: on the inner side of at least four of its five lines.</summary>
    private bool IsInStar(int u, int v)
    {
        long limit = 16384L * Part(99);
        var outside = (-16384L * v > limit ? 1 : 0)
            + (15582L * u - 5063L * v > limit ? 1 : 0)
            + (-15582L * u - 5063L * v > limit ? 1 : 0)
            + (9630L * u + 13255L * v > limit ? 1 : 0)
            + (-9630L * u + 13255L * v > limit ? 1 : 0);
        return outside <= 1;
    }
}
