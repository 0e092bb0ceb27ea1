namespace Pipeline.Segmentation.Pruning.Methods.Altp;

/// <summary>Detail Density Capture: however little attention a region gets, it keeps a minimum of tokens, so that no small object is lost.</summary>
internal static class DetailDensityCapture
{
    /// <summary>What each region is guaranteed. Where the budget is too small for all, first tokens come before second ones, and richer regions before poorer ones.</summary>
    /// <param name="sizes">Tokens of each region.</param>
    /// <param name="richness">Of each region; the smaller index goes first among equals.</param>
    /// <param name="floor">Tokens per region, as far as it has them.</param>
    /// <param name="budget">Tokens to guarantee at most.</param>
    /// <returns>Tokens per region.</returns>
    public static int[] Floors(IReadOnlyList<int> sizes, IReadOnlyList<double> richness, int floor, int budget)
    {
        var floors = new int[sizes.Count];
        int[] richestFirst = [.. Enumerable.Range(0, sizes.Count).OrderByDescending(region => richness[region])];
        for (var round = 0; round < floor && budget > 0; round++)
        {
            int[] served = [.. richestFirst.Where(region => sizes[region] > round).Take(budget)];
            if (served.Length == 0) break;
            foreach (var region in served) floors[region]++;
            budget -= served.Length;
        }

        return floors;
    }

    /// <summary>Uniform retention inside a region: token i of k is the middle of the i-th of k equal parts.</summary>
    /// <param name="tokens">Of the region, in raster order.</param>
    /// <param name="count">k.</param>
    public static IEnumerable<int> EvenlySpaced(IReadOnlyList<int> tokens, int count) =>
        Enumerable.Range(0, count).Select(i => tokens[(int)((2L * i + 1) * tokens.Count / (2L * count))]);
}
