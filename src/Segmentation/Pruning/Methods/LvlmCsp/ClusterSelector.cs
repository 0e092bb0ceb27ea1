namespace Pipeline.Segmentation.Pruning.Methods.LvlmCsp;

/// <summary>How the representatives of the clustering stage are chosen.</summary>
public enum ClusterSelector
{
    /// <summary>The paper's: S[i] = i floor(N / N_c). The end of the raster stays unvisited unless N_c divides N.</summary>
    Uniform,

    /// <summary>Ours: a lattice over the two dimensions of the grid, with no end left out.</summary>
    Lattice,

    /// <summary>The paper's: the N_c patches that the class token of the vision tower looks at most.</summary>
    Cls,

    /// <summary>The paper's: N_c tokens drawn from a seed and the image.</summary>
    Random,

    /// <summary>In place of the paper's instance segmenter: superpixels, each with one representative or more as its area is worth.</summary>
    Superpixel,
}
