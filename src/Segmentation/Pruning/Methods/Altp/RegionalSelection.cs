namespace Pipeline.Segmentation.Pruning.Methods.Altp;

/// <summary>The tokens that stay of an image cut into regions: floors first, the rest by density.</summary>
/// <param name="regions">Tokens of each region in raster order; together all tokens of the grid.</param>
/// <param name="floor">Tokens that each region is guaranteed.</param>
/// <param name="choice">Which tokens of a region stay.</param>
internal sealed class RegionalSelection(IReadOnlyList<IReadOnlyList<int>> regions, int floor, RegionChoice choice)
{
    private readonly int[] sizes = [.. regions.Select(region => region.Count)];

    /// <param name="scores">Of each token, not negative.</param>
    /// <param name="budget">Tokens that stay, exactly; at most as many as there are.</param>
    /// <returns>Ascending.</returns>
    public long[] Keep(float[] scores, int budget)
    {
        double[] richness = [.. regions.Select(region => region.Sum(token => (double)scores[token]))];
        var floors = DetailDensityCapture.Floors(sizes, richness, floor, budget);
        var extras = DynamicDensityFormation.Split(budget - floors.Sum(), richness, [.. sizes.Zip(floors, (size, guaranteed) => size - guaranteed)]);
        return [.. regions.SelectMany((region, i) => Choose(region, floors[i], extras[i], scores)).Order()];
    }

    /// <summary>Every token alike: regions keep what their area is worth, evenly spaced.</summary>
    /// <inheritdoc cref="Keep(float[], int)"/>
    public long[] KeepByArea(int budget)
    {
        var alike = new float[sizes.Sum()];
        Array.Fill(alike, 1);
        return Keep(alike, budget);
    }

    private IEnumerable<long> Choose(IReadOnlyList<int> region, int guaranteed, int extra, float[] scores)
    {
        if (choice == RegionChoice.Uniform) return DetailDensityCapture.EvenlySpaced(region, guaranteed + extra).Select(token => (long)token);
        int[] floorTokens = [.. DetailDensityCapture.EvenlySpaced(region, guaranteed)];
        return floorTokens.Concat(region.Except(floorTokens).OrderByDescending(token => scores[token]).Take(extra)).Select(token => (long)token);
    }
}
