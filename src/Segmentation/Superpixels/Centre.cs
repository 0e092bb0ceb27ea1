namespace Pipeline.Segmentation.Superpixels;

/// <summary>Centre of a region, or the sums of its members that it is the mean of.</summary>
internal struct Centre
{
    public double Y;
    public double X;
    public double L;
    public double A;
    public double B;
    public double Members;

    /// <returns>The mean of at least one member.</returns>
    public readonly Centre Mean() => new() { Y = Y / Members, X = X / Members, L = L / Members, A = A / Members, B = B / Members };
}
