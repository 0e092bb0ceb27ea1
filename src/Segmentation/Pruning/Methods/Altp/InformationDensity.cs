namespace Pipeline.Segmentation.Pruning.Methods.Altp;

/// <summary>What scores the tokens; the mean score of a region's tokens is its information density.</summary>
public enum InformationDensity
{
    /// <summary>Attention that the query row of the language model pays them in the layer before, head mean.</summary>
    Attention,

    /// <summary>Attention that the class token of the vision tower pays them in the last layer in use, head mean.</summary>
    Cls,

    /// <summary>How far each visual token is from the mean of its region.</summary>
    Variance,
}
