namespace Pipeline.Segmentation.Pruning.Methods.Altp;

/// <summary>Which tokens of a region stay, once it is clear how many.</summary>
public enum RegionChoice
{
    /// <summary>Those of its floor evenly spaced, beyond them those with the highest scores.</summary>
    Score,

    /// <summary>All evenly spaced.</summary>
    Uniform,
}
