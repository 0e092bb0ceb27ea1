namespace Pipeline.Segmentation.Pruning.Methods.Altp;

/// <summary>Which parts of ALTP are at work, for ablations.</summary>
public enum AltpMode
{
    /// <summary>Every region keeps its floor, the rest of the budget goes by information density.</summary>
    Both,

    /// <summary>Detail Density Capture alone: floors, and the rest by area; tokens evenly spaced in each region. Nothing is scored.</summary>
    Ddc,

    /// <summary>Dynamic Density Formation alone: the whole budget by information density, and a poor region may lose all its tokens.</summary>
    Ddf,
}
