namespace Pipeline.Segmentation.Superpixels;

/// <summary>Options of SLIC. Defaults, meaning and quirks are those of scikit-image 0.19.3's <c>slic</c>, whose names stand in brackets.</summary>
public sealed record SlicOptions
{
    /// <summary>Regions asked for; about as many come, since seeds lie on a grid of whole steps [n_segments].</summary>
    /// <value>Default 100; at least 1, may exceed the number of pixels.</value>
    public int Segments { get; init; } = 100;

    /// <summary>Weight of nearness against likeness: colour differences are divided by it, so greater means squarer [compactness].</summary>
    /// <value>Default 10, for CIELAB; gray and raw RGB values lie in 0 to 1 and want about 0.1. From 1e-100 to 1e100.</value>
    public double Compactness { get; init; } = 10;

    /// <summary>Rounds of assignment; it rarely stops before [max_num_iter].</summary>
    /// <value>Default 10; at least 1.</value>
    public int MaxIterations { get; init; } = 10;

    /// <summary>Standard deviation, in pixels, of the Gaussian that smooths colours after conversion; 0 for none [sigma].</summary>
    /// <value>Default 0, at most 100. <see cref="SlicMode.Exact"/> only.</value>
    public double Sigma { get; init; }

    /// <summary>Height of a pixel as distances count it; smoothing narrows by as much [spacing].</summary>
    /// <value>Default 1; from 0.01 to 100. <see cref="SlicMode.Exact"/> only.</value>
    public double SpacingY { get; init; } = 1;

    /// <summary>Width of a pixel, like <see cref="SpacingY"/> [spacing].</summary>
    public double SpacingX { get; init; } = 1;

    /// <summary>Compares colours in CIELAB rather than in RGB; gray images are compared as they are [convert2lab].</summary>
    public bool ConvertToLab { get; init; } = true;

    /// <summary>Makes every region one connected piece: small pieces join a neighbour, large ones are cut, and labels are given anew in raster order [enforce_connectivity].</summary>
    public bool EnforceConnectivity { get; init; } = true;

    /// <summary>A piece smaller than this share of the mean region joins a neighbour [min_size_factor].</summary>
    /// <value>Default 0.5; from 0 to 1e9.</value>
    public double MinSizeFactor { get; init; } = 0.5;

    /// <summary>A piece is cut at this multiple of the mean region [max_size_factor].</summary>
    /// <value>Default 3; from 0 to 1e9.</value>
    public double MaxSizeFactor { get; init; } = 3;

    /// <summary>SLICO: each region divides colour differences by its own largest one so far, instead of by one compactness for all [slic_zero].</summary>
    /// <value>Default no. <see cref="SlicMode.Exact"/> only.</value>
    public bool SlicZero { get; init; }

    /// <summary>First label, 0 or 1 [start_label].</summary>
    /// <value>Default 1, as upstream; 0 where labels index arrays.</value>
    public int StartLabel { get; init; } = 1;

    /// <summary>Exact or fast.</summary>
    public SlicMode Mode { get; init; }

    /// <exception cref="ArgumentException">An option is out of its range, or not to be had in this mode; the message names it and its range.</exception>
    internal void Check()
    {
        InRange(nameof(Segments), Segments, 1, int.MaxValue);
        InRange(nameof(Compactness), Compactness, 1e-100, 1e100);
        InRange(nameof(MaxIterations), MaxIterations, 1, int.MaxValue);
        InRange(nameof(Sigma), Sigma, 0, 100);
        InRange(nameof(SpacingY), SpacingY, 0.01, 100);
        InRange(nameof(SpacingX), SpacingX, 0.01, 100);
        InRange(nameof(MinSizeFactor), MinSizeFactor, 0, 1e9);
        InRange(nameof(MaxSizeFactor), MaxSizeFactor, 0, 1e9);
        InRange(nameof(StartLabel), StartLabel, 0, 1);
        if (!Enum.IsDefined(Mode)) throw new ArgumentOutOfRangeException(nameof(Mode), Mode, $"SLIC has the modes {string.Join(", ", Enum.GetNames<SlicMode>())}.");
        if (Mode == SlicMode.Fast) CheckFast();
    }

    private static void InRange(string option, double value, double least, double greatest)
    {
        if (!(value >= least && value <= greatest))
            throw new ArgumentOutOfRangeException(option, value, $"SLIC takes {option} from {least:g} to {greatest:g}.");
    }

    private void CheckFast()
    {
        InRange(nameof(Compactness), Compactness, 1e-3, 1e5);
        string? exactOnly = Sigma > 0 ? nameof(Sigma) : SlicZero ? nameof(SlicZero) : SpacingY != 1 ? nameof(SpacingY) : SpacingX != 1 ? nameof(SpacingX) : null;
        if (exactOnly is not null)
            throw new ArgumentException($"SLIC's mode {nameof(SlicMode.Fast)} has no {exactOnly}; leave it out or use {nameof(SlicMode.Exact)}.", exactOnly);
    }
}
