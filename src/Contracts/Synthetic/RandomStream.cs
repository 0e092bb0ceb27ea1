using Pipeline.Contracts.Manifests;

namespace Pipeline.Contracts.Synthetic;

/// <summary>SplitMix64 (Steele, Lea, Flood 2014): 64-bit integers only, the same on every machine.</summary>
internal sealed class RandomStream(ulong state)
{
    /// <summary>The stream of one purpose of one scene; streams of different splits, scenes and purposes are unrelated.</summary>
    public static RandomStream Of(SyntheticScene scene, string purpose)
    {
        ulong state = SyntheticScenes.Version;
        foreach (var part in (ReadOnlySpan<int>)[scene.Seed, scene.Index, scene.Width, scene.Height])
            state = Mix(state + 0x9E3779B97F4A7C15 + (uint)part);
        foreach (var letter in scene.Split == SyntheticSplit.Heldout ? purpose : $"{purpose}@{SyntheticSplits.Name(scene.Split)}")
            state = Mix(state + 0x9E3779B97F4A7C15 + letter);
        return new RandomStream(state);
    }

    public ulong Next() => Mix(state += 0x9E3779B97F4A7C15);

    /// <returns>0 to <paramref name="end"/> - 1.</returns>
    public int Below(int end) => (int)(((Next() >> 32) * (ulong)end) >> 32);

    /// <returns>Both ends included.</returns>
    public int Between(int least, int greatest) => least + Below(greatest - least + 1);

    /// <returns>An index, each as likely as its weight says.</returns>
    public int Weighted(ReadOnlySpan<int> weights)
    {
        var total = 0;
        foreach (var weight in weights)
            total += weight;
        var draw = Below(total);
        var index = 0;
        while ((draw -= weights[index]) >= 0)
            index++;
        return index;
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
