namespace Pipeline.Segmentation.Pruning.Methods.LvlmCsp;

/// <summary>With what hidden state a token comes back that was in none of the layers before.</summary>
public enum Scattering
{
    /// <summary>Its embedding plus what its representative's embedding has become more: E[t] + (h[rep] - E[rep]).</summary>
    Delta,

    /// <summary>Its embedding.</summary>
    Raw,
}
