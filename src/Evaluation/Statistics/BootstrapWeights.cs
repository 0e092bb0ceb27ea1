using System.Text;

namespace Pipeline.Evaluation.Statistics;

/// <summary>How often each bootstrap replicate draws a sample: Poisson(1), from the sample's id alone.</summary>
/// <remarks>
/// So every variant, shard, machine and job gives a sample the same weights without talking to the others: differences between
/// variants are paired, and replicates merge by addition (Poisson bootstrap; Chamandy, Muralidharan, Najmi, Naidu 2012).
/// </remarks>
public static class BootstrapWeights
{
    private const double InverseE = 0.36787944117144233;

    /// <summary>The 32 bits of a draw without their lowest ones.</summary>
    private const int LeastShift = 20;

    private static readonly ulong[] Thresholds = MakeThresholds();

    /// <summary>The least weight of the draws that begin with the same bits, which is nearly always the weight of them all.</summary>
    private static readonly byte[] Least =
        [.. Enumerable.Range(0, 1 << (32 - LeastShift)).Select(bits => (byte)Thresholds.Count(threshold => (ulong)bits << LeastShift >= threshold))];

    /// <summary>The largest weight there is.</summary>
    internal static int Most => Thresholds.Length;

    /// <summary>Fills the weights of replicates 0, 1, 2 ...; the first ones do not depend on how many are asked for.</summary>
    public static void Fill(string sample, Span<byte> weights)
    {
        ArgumentNullException.ThrowIfNull(sample);
        var state = Hash(sample);
        for (var i = 0; i < weights.Length; i++)
            weights[i] = Weight(Mix(state += 0x9E3779B97F4A7C15) >> 32);
    }

    private static byte Weight(ulong draw)
    {
        var weight = Least[draw >> LeastShift];
        while (weight < Thresholds.Length && draw >= Thresholds[weight])
            weight++;
        return weight;
    }

    /// <summary>Cumulative probabilities of 0, 1, 2 ... in units of 2^-32, until they reach 1.</summary>
    private static ulong[] MakeThresholds()
    {
        var thresholds = new List<ulong>();
        double term = InverseE, sum = 0;
        for (var k = 1; thresholds.LastOrDefault() < uint.MaxValue; k++)
        {
            sum += term;
            term /= k;
            thresholds.Add((ulong)(sum * 4294967296.0));
        }

        return [.. thresholds];
    }

    /// <summary>FNV-1a over the UTF-8 bytes.</summary>
    private static ulong Hash(string text)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var value in Encoding.UTF8.GetBytes(text))
            hash = (hash ^ value) * 0x100000001B3;
        return hash;
    }

    /// <summary>SplitMix64's finaliser.</summary>
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
