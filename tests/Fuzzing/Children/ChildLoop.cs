using System.Reflection;
using Pipeline.Fuzzing.Mutation;
using Pipeline.Fuzzing.Probing;

namespace Pipeline.Fuzzing.Children;

/// <summary>The life of a child: one input after the other, each counted before it is run so that the parent knows which one it died of.</summary>
internal static class ChildLoop
{
    private const int WarmUp = 200;

    public static int Run(Slice slice)
    {
        EndWithParent();
        var target = (IFuzzTarget)Activator.CreateInstance(Assembly.LoadFrom(slice.Assembly).GetType(slice.Type, throwOnError: true)!)!;
        using var disposable = target as IDisposable;
        using var score = new Scoreboard(slice.Scoreboard);
        var inputs = new InputSource(target, slice.Seed);
        var probe = new Probe(target);
        var findings = new FindingFolder(slice.Findings);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var first = score.Current;
        for (var number = first; number < slice.End; score.Current = ++number)
        {
            var input = inputs.Make(number);
            var observation = probe.Run(input);
            score.Count(number, observation.Time.Ticks, observation.Bytes, isWarm: number - first >= WarmUp);
            switch (observation.Verdict)
            {
                case Verdict.Accepted:
                    score.Accepted++;
                    break;
                case Verdict.Refused:
                    score.Refused++;
                    break;
                default:
                    score.Faults++;
                    if (seen.Add(observation.Signature))
                        findings.Save(new Finding(target.Name, number, slice.Seed, observation.Signature, observation.Message), Minimizer.Minimize(input, observation.Signature, probe));
                    break;
            }
        }

        score.PeakBytes = ProcessUsage.Now.PeakBytes;
        return 0;
    }

    /// <summary>The parent holds the other end of standard input.</summary>
    private static void EndWithParent() => new Thread(() =>
    {
        using var input = Console.OpenStandardInput();
        while (input.ReadByte() >= 0)
        {
        }

        Environment.Exit(1);
    })
    { IsBackground = true }.Start();
}
