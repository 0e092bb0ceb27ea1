namespace Pipeline.Segmentation.Pruning.Methods.Altp;

/// <summary>Dynamic Density Formation: what the floors leave of the budget goes to the regions in proportion to what they hold.</summary>
internal static class DynamicDensityFormation
{
    /// <summary>Splits tokens to the last one, by largest remainders. A region that cannot take its share is filled up, and the others share what is over.</summary>
    /// <param name="tokens">To be split; not more than there is room for.</param>
    /// <param name="richness">Size times density of each region, not negative. Where it is 0 everywhere, room counts in its place.</param>
    /// <param name="room">Tokens that each region can still take.</param>
    /// <returns>Tokens per region; remainders that are equal go to the smaller index first.</returns>
    /// <exception cref="ArgumentException">A richness is negative or not a number.</exception>
    public static int[] Split(int tokens, IReadOnlyList<double> richness, IReadOnlyList<int> room)
    {
        if (richness.FirstOrDefault(value => !double.IsFinite(value) || value < 0, 0) is not 0 and var wrong)
            throw new ArgumentException($"the information of a region is {wrong}; expected a finite number that is not negative");
        var split = new int[room.Count];
        int[] open = [.. Enumerable.Range(0, room.Count).Where(region => room[region] > 0)];
        var shares = Shares(tokens, open, richness, room);
        while (open.Any(region => shares[region] >= room[region]))
        {
            foreach (var region in open.Where(region => shares[region] >= room[region]))
            {
                split[region] = room[region];
                tokens -= room[region];
            }

            open = [.. open.Where(region => split[region] == 0)];
            shares = Shares(tokens, open, richness, room);
        }

        foreach (var region in open) split[region] = (int)shares[region];
        tokens -= open.Sum(region => split[region]);
        foreach (var region in open.OrderByDescending(region => shares[region] - split[region]).Take(tokens)) split[region]++;
        return split;
    }

    private static Dictionary<int, double> Shares(int tokens, int[] open, IReadOnlyList<double> richness, IReadOnlyList<int> room)
    {
        var total = open.Sum(region => richness[region]);
        return total > 0
            ? open.ToDictionary(region => region, region => tokens * richness[region] / total)
            : open.ToDictionary(region => region, region => (double)tokens * room[region] / open.Sum(other => room[other]));
    }
}
