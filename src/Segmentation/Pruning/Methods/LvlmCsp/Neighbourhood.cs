namespace Pipeline.Segmentation.Pruning.Methods.LvlmCsp;

/// <summary>Which representative stands for a token.</summary>
public enum Neighbourhood
{
    /// <summary>The nearest on the grid of visual tokens; the first of several.</summary>
    Grid,

    /// <summary>The one whose embedding is most alike, by cosine.</summary>
    Cosine,
}
