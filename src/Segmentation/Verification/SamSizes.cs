namespace Pipeline.Segmentation.Verification;

/// <summary>Reads the size pairs that golden groups of masks carry.</summary>
internal static class SamSizes
{
    /// <param name="golden">The group's folder.</param>
    /// <param name="tensor">(2) int64: height and width.</param>
    public static (int Height, int Width) Size(this GoldenFolder golden, string tensor)
    {
        var values = golden.Expected().Weights.Get(tensor, 2).data<long>().ToArray();
        return ((int)values[0], (int)values[1]);
    }
}
