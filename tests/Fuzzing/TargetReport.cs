using System.Globalization;
using Pipeline.Fuzzing.Children;

namespace Pipeline.Fuzzing;

/// <summary>What a campaign did to one target.</summary>
/// <param name="Slowest">Number of the input that took <paramref name="WorstTime"/>.</param>
/// <param name="WorstBytes">Allocated by one input.</param>
/// <param name="Hungriest">Number of the input that allocated them.</param>
/// <param name="PeakBytes">Resident set of the largest child.</param>
/// <param name="Faults">Inputs that did what none may do.</param>
/// <param name="Findings">One of each kind of fault.</param>
public sealed record TargetReport(
    string Target,
    long Accepted,
    long Refused,
    long Faults,
    TimeSpan Elapsed,
    TimeSpan WorstTime,
    long Slowest,
    long WorstBytes,
    long Hungriest,
    long PeakBytes,
    IReadOnlyList<Finding> Findings)
{
    /// <summary>Column titles of <see cref="ToString"/>.</summary>
    public static string Header { get; } = Line("parser", "inputs", "inputs/s", "accepted", "refused", "worst time", "worst memory", "peak", "faults");

    public long Inputs => Accepted + Refused + Faults;

    internal static TargetReport Of(string target, IReadOnlyList<Scoreboard> boards, TimeSpan elapsed, IReadOnlyList<Finding> findings)
    {
        var (slowest, hungriest) = (boards.MaxBy(board => board.WorstTicks)!, boards.MaxBy(board => board.WorstBytes)!);
        return new TargetReport(
            target,
            boards.Sum(board => board.Accepted),
            boards.Sum(board => board.Refused),
            boards.Sum(board => board.Faults),
            elapsed,
            TimeSpan.FromTicks(slowest.WorstTicks),
            slowest.SlowestInput,
            hungriest.WorstBytes,
            hungriest.HungriestInput,
            boards.Max(board => board.PeakBytes),
            findings);
    }

    public override string ToString() => Line(
        Target,
        Text($"{Inputs}"),
        Text($"{Inputs / Elapsed.TotalSeconds:0}"),
        Text($"{Accepted}"),
        Text($"{Refused}"),
        Text($"{WorstTime.TotalMilliseconds:0.0} ms"),
        Text($"{WorstBytes / 1e6:0.00} MB"),
        Text($"{PeakBytes >> 20} MB"),
        Text($"{Faults}"));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Line(params string[] cells) => $"{cells[0],-16}{string.Concat(cells.Skip(1).Select(cell => cell.PadLeft(14)))}";
}
