namespace Pipeline.Segmentation.Pruning;

/// <summary>How many visual tokens a share comes to.</summary>
public static class Budget
{
    /// <summary>Rounded half to even, as Python's <c>round</c> in FastV's Hugging Face code; never below 1.</summary>
    /// <param name="share">Above 0, at most 1.</param>
    /// <param name="visualTokens">Of which.</param>
    public static int Of(double share, int visualTokens) =>
        Math.Max(1, (int)Math.Round(share * visualTokens, MidpointRounding.ToEven));
}
