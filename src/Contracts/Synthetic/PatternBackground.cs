namespace Pipeline.Contracts.Synthetic;

/// <summary>A tinted grey with a hard-edged pattern of two tones: a checkerboard, rings around a point or crossed diagonal lines.</summary>
internal sealed class PatternBackground : ISceneBackground
{
    private readonly Pattern pattern;
    private readonly int period;
    private readonly int contrast;
    private readonly int middleX;
    private readonly int middleY;

    public PatternBackground(int width, int height, RandomStream random)
    {
        var grey = random.Between(60, 145);
        Tint = [grey + random.Between(-18, 18), grey + random.Between(-18, 18), grey + random.Between(-18, 18)];
        pattern = (Pattern)random.Below(3);
        period = Math.Max(6, Math.Min(width, height) / random.Between(6, 14));
        contrast = random.Between(14, 24);
        (middleX, middleY) = (random.Below(width), random.Below(height));
    }

    private enum Pattern
    {
        Checkerboard,
        Rings,
        Hatching,
    }

    public int[] Tint { get; }

    public void Row(int y, Span<int> offsets)
    {
        for (var x = 0; x < offsets.Length; x++)
            offsets[x] = IsDark(x - middleX, y - middleY) ? -contrast : contrast / 2;
    }

    private bool IsDark(int x, int y) => pattern switch
    {
        Pattern.Checkerboard => IsInFirstHalf(x) != IsInFirstHalf(y),
        // The whole part of the root is exact: both square and difference to the next one are far within a double's precision.
        Pattern.Rings => (int)Math.Sqrt(4L * (x * (long)x + y * (long)y)) / period % 2 == 0,
        _ => Phase(x + y) * 4 < period || Phase(x - y) * 4 < period,
    };

    private bool IsInFirstHalf(int coordinate) => Phase(coordinate) * 2 < period;

    private int Phase(int coordinate) => coordinate % period is var phase && phase < 0 ? phase + period : phase;
}
