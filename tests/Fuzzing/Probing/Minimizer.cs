using System.Diagnostics;

namespace Pipeline.Fuzzing.Probing;

/// <summary>Makes an input that shows a fault small: takes away pieces, large ones first, while the fault stays the same.</summary>
internal static class Minimizer
{
    private const int MostRuns = 3000;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    public static byte[] Minimize(byte[] input, string signature, Probe probe)
    {
        var started = Stopwatch.GetTimestamp();
        var runs = 0;
        for (var piece = input.Length / 2; piece > 0; piece /= 2)
        {
            for (var at = 0; at < input.Length;)
            {
                if (++runs > MostRuns || Stopwatch.GetElapsedTime(started) > Longest)
                    return input;
                byte[] shorter = [.. input.AsSpan(0, at), .. input.AsSpan(Math.Min(input.Length, at + piece))];
                if (probe.Run(shorter).Signature == signature)
                    input = shorter;
                else
                    at += piece;
            }
        }

        return input;
    }
}
