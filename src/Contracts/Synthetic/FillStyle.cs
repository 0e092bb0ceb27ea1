namespace Pipeline.Contracts.Synthetic;

/// <summary>How stripes and dots look.</summary>
/// <param name="Period">Of stripes or of the grid of dots, in 1/256 of the shape's radius.</param>
/// <param name="Dark">Brightness of a stripe or dot, in 1/256.</param>
/// <param name="Stripes">Direction of the stripes in the shape's frame.</param>
/// <param name="Staggered">Whether every other row of dots is moved by half a period.</param>
internal readonly record struct FillStyle(int Period, int Dark, StripeDirection Stripes, bool Staggered)
{
    /// <summary>Of every split but <c>textures</c>.</summary>
    public static FillStyle Usual { get; } = new(115, 120, StripeDirection.Upright, Staggered: false);

    /// <summary>A finer or coarser, lighter or darker, turned or staggered one, never near the usual.</summary>
    public static FillStyle Unusual(RandomStream random) => new(
        random.Below(2) == 0 ? random.Between(76, 92) : random.Between(140, 160),
        random.Below(2) == 0 ? random.Between(70, 96) : random.Between(138, 150),
        StripeDirection.Level + random.Below(3),
        Staggered: true);
}
