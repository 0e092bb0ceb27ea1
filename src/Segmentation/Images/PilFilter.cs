namespace Pipeline.Segmentation.Images;

/// <summary>The resampling filters of PIL that the models' preprocessing uses; both widen with the reduction, so they smooth before they shrink.</summary>
public enum PilFilter
{
    /// <summary>Triangle of support 1 (PIL's BILINEAR).</summary>
    Bilinear,

    /// <summary>Cubic of support 2 with a = -0.5 (PIL's BICUBIC).</summary>
    Bicubic,
}
