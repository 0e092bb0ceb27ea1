using System.Globalization;

namespace Pipeline.Fuzzing.Children;

/// <summary>A child's part of a campaign: some inputs of one target.</summary>
/// <param name="Assembly">File that holds the target.</param>
/// <param name="Type">Full name of the target.</param>
/// <param name="Seed">Of the campaign.</param>
/// <param name="End">Number of the first input that is not its own.</param>
/// <param name="Scoreboard">File; says where to begin.</param>
/// <param name="Findings">Folder.</param>
internal sealed record Slice(string Assembly, string Type, int Seed, long End, string Scoreboard, string Findings)
{
    /// <summary>First word of a command line that makes the program a child.</summary>
    public const string Verb = "child";

    private const int Words = 7;

    public IEnumerable<string> ToArguments() =>
        [Verb, Assembly, Type, Seed.ToString(CultureInfo.InvariantCulture), End.ToString(CultureInfo.InvariantCulture), Scoreboard, Findings];

    /// <returns>Null where the command line is not a child's.</returns>
    public static Slice? FromArguments(IReadOnlyList<string> arguments) => arguments.Count == Words && arguments[0] == Verb
        ? new Slice(arguments[1], arguments[2], int.Parse(arguments[3], CultureInfo.InvariantCulture), long.Parse(arguments[4], CultureInfo.InvariantCulture), arguments[5], arguments[6])
        : null;
}
