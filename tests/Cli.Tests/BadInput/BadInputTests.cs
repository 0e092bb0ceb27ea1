using System.CommandLine;
using System.Text.RegularExpressions;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Run;
using Pipeline.Segmentation;

namespace Pipeline.Cli.Tests.BadInput;

/// <summary>Whatever a user hands in, the real command says what is wrong with it and ends as scripts expect.</summary>
public sealed partial class BadInputTests(Workshop workshop, ITestOutputHelper output) : IClassFixture<Workshop>
{
    private static readonly Dictionary<string, BadCase> Cases =
        BadLines.All.Concat(BadJobs.All).Concat(BadImages.All).Concat(BadConfigurations.All).Concat(BadWeights.All).Concat(BadTokenizers.All).Concat(BadCocoFiles.All).ToDictionary(bad => bad.Name);

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Is_refused_with_what_is_wrong_and_what_would_be_right(string name)
    {
        var bad = Cases[name];
        var line = bad.Line(workshop).Split(' ', StringSplitOptions.RemoveEmptyEntries);

        var outcome = await Terminal.RunAsync(App(), TestContext.Current.CancellationToken, line);

        output.WriteLine($"{string.Join(' ', line)}\n{outcome.Code}\n{outcome.Output}{outcome.Error}");
        outcome.Code.ShouldBe(bad.Code, outcome.Error);
        foreach (var word in bad.Words)
            outcome.Error.ShouldContain(word);
        Internals().Matches(outcome.Output + outcome.Error).Select(match => match.Value).ShouldBeEmpty(outcome.Error);
    }

    /// <summary>What only the people who wrote the program understand.</summary>
    [GeneratedRegex(@"Object reference|\bat \w+(\.\w+)+\(|[A-Za-z]+Exception\b|System\.\w+|Pipeline\.\w+\.\w+|\(Parameter '|::|\.cpp\b|\.cs\b|Value cannot be null|Index was outside")]
    private static partial Regex Internals();

    private static CommandLineApp App()
    {
        var catalog = new ModelCatalog();
        return new(
            RunCommand.Create(catalog, EmbeddedRun.ExecuteAsync, TimeProvider.System),
            ValidateCommand.Create(catalog),
            PruneCommand.Create(catalog),
            ResultsCommand.Create(),
            new Command("dataset", "Make datasets.") { DatasetSynthCommand.Create() },
            new Command("eval", "Score results.") { EvalCocoCommand.Create() },
            new Command("model", "Make and check models.") { ModelInitCommand.Create(), ModelVerifyCommand.Create(), ModelFlopsCommand.Create(catalog) });
    }
}
