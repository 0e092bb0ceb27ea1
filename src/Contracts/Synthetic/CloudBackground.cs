namespace Pipeline.Contracts.Synthetic;

/// <summary>A tinted grey with broad clouds and, in most scenes, finer clouds or a grating.</summary>
internal sealed class CloudBackground : ISceneBackground
{
    private readonly ValueNoise clouds;
    private readonly ValueNoise? fine;
    private readonly int period;
    private readonly int slope;
    private readonly int[] fineRow;

    public CloudBackground(int width, int height, RandomStream random)
    {
        var shorter = Math.Min(width, height);
        var grey = random.Between(50, 150);
        Tint = [grey + random.Between(-18, 18), grey + random.Between(-18, 18), grey + random.Between(-18, 18)];
        clouds = new ValueNoise(width, height, Math.Max(8, shorter / 3), random);
        fineRow = new int[width];
        switch (random.Below(3))
        {
            case 0:
                fine = new ValueNoise(width, height, Math.Max(3, shorter / random.Between(12, 24)), random);
                break;
            case 1:
                period = Math.Max(4, shorter / random.Between(10, 24));
                slope = random.Between(-3, 3);
                break;
        }
    }

    public int[] Tint { get; }

    public void Row(int y, Span<int> offsets)
    {
        clouds.Row(y, offsets);
        fine?.Row(y, fineRow);
        for (var x = 0; x < offsets.Length; x++)
            offsets[x] = ((offsets[x] * 28) >> 7) + (fine is not null ? (fineRow[x] * 16) >> 7 : Grating(x, y));
    }

    /// <summary>A triangle wave of amplitude 12.</summary>
    private int Grating(int x, int y)
    {
        if (period == 0)
            return 0;
        var phase = (2 * x + slope * y) % (2 * period);
        phase = phase < 0 ? phase + 2 * period : phase;
        return Math.Abs(phase - period) * 24 / period - 12;
    }
}
