namespace Pipeline.Segmentation.Superpixels;

/// <summary>How superpixels are computed.</summary>
public enum SlicMode
{
    /// <summary>In float64, the same label maps as scikit-image 0.19.3. Any option.</summary>
    Exact,

    /// <summary>Nearly the regions of <see cref="Exact"/> in a tenth of its time, the same bits on every machine. No smoothing, no spacing, no SLICO.</summary>
    Fast,
}
