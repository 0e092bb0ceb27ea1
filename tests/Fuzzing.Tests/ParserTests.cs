using Pipeline.Fuzzing.Targets;

namespace Pipeline.Fuzzing.Tests;

/// <summary>A hundredth of what <c>./fuzz</c> does.</summary>
public sealed class ParserTests(ITestOutputHelper output) : IDisposable
{
    private const int Seed = 20261201;
    private const int Inputs = 10_000;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("pipeline-fuzzing-tests-");

    public static TheoryData<string> Parsers => [.. FuzzTargets.Names];

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Parsers))]
    public async Task Ten_thousand_mutated_inputs_are_read_or_refused(string parser)
    {
        var report = await Campaign.RunAsync(FuzzTargets.Named(parser), new CampaignOptions(Inputs, Seed, folder.FullName), TestContext.Current.CancellationToken);

        output.WriteLine($"seed {Seed}\n{TargetReport.Header}\n{report}");
        report.Findings.Select(finding => $"seed {Seed}, input {finding.Number}: {finding.Message}").ShouldBeEmpty();
        report.Inputs.ShouldBe(Inputs);
        report.Accepted.ShouldBeGreaterThan(0);
        report.Refused.ShouldBeGreaterThan(0);
    }
}
