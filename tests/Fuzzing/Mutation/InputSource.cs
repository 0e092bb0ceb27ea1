namespace Pipeline.Fuzzing.Mutation;

/// <summary>The inputs of a campaign: any of them can be made again from its number alone.</summary>
internal sealed class InputSource
{
    private const int MostMutations = 8;

    private readonly IFuzzTarget target;
    private readonly IReadOnlyList<byte[]> seeds;
    private readonly Mutator mutator;
    private readonly int seed;

    public InputSource(IFuzzTarget target, int seed)
    {
        this.target = target;
        seeds = target.Seeds;
        mutator = new Mutator(seeds, target.Words);
        this.seed = target.Name.Aggregate(seed, (hash, letter) => unchecked((hash * 31) + letter));
    }

    /// <param name="number">Counted from 0; the first ones are the seeds themselves.</param>
    public byte[] Make(long number)
    {
        if (number < seeds.Count)
            return target.Dress(seeds[(int)number], new Certainty());
        var random = new Random(unchecked((int)((number * 2654435761) ^ (number >> 32)) + seed));
        var input = seeds[random.Next(seeds.Count)];
        var mutations = 1;
        while (mutations < MostMutations && random.Next(3) > 0)
            mutations++;
        for (; mutations > 0; mutations--)
            input = mutator.Mutate(input, random);
        return target.Dress(input, random);
    }

    /// <summary>Never takes the rare way, which damages what it dresses.</summary>
    private sealed class Certainty : Random
    {
        public override int Next(int maxValue) => maxValue - 1;
    }
}
