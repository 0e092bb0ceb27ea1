using Pipeline.Fuzzing.Tests.Planted;

namespace Pipeline.Fuzzing.Tests;

/// <summary>The fuzzer finds what it is for.</summary>
public sealed class PlantedFaultTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("pipeline-fuzzing-tests-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(typeof(ForgetfulTarget), "NullReferenceException at Pipeline.Fuzzing.Tests.Planted.ForgetfulTarget.DoWrong")]
    [InlineData(typeof(SilentTarget), "silent")]
    [InlineData(typeof(HungryTarget), "memory")]
    public async Task A_fault_is_found_and_made_small(Type target, string signature)
    {
        var report = await RunAsync(target, inputs: 500);

        report.Inputs.ShouldBe(500);
        report.Faults.ShouldBeGreaterThan(5);
        report.Accepted.ShouldBeGreaterThan(50);
        report.Refused.ShouldBeGreaterThan(5);
        var finding = report.Findings.ShouldHaveSingleItem();
        finding.Signature.ShouldBe(signature);
        File.ReadAllBytes(InputOf(finding)).ShouldBe("!"u8.ToArray());
    }

    [Theory]
    [InlineData(typeof(EndlessTarget), "hang")]
    [InlineData(typeof(SleepyTarget), "hang")]
    [InlineData(typeof(CrashingTarget), "crash")]
    public async Task A_process_that_hangs_or_dies_is_a_finding_and_the_campaign_goes_on_behind_it(Type target, string signature)
    {
        var report = await RunAsync(target, inputs: 12);

        report.Inputs.ShouldBe(12);
        report.Faults.ShouldBeGreaterThan(0);
        report.Accepted.ShouldBeGreaterThan(0);
        var finding = report.Findings.ShouldHaveSingleItem();
        finding.Signature.ShouldBe(signature);
        File.ReadAllBytes(InputOf(finding)).ShouldContain((byte)'!');
    }

    private string InputOf(Finding finding) => Path.Combine(folder.FullName, finding.Target, $"{finding.Target}-{finding.Number}.input");

    private Task<TargetReport> RunAsync(Type target, long inputs)
    {
        var options = new CampaignOptions(inputs, Seed: 5, folder.FullName) { Children = 1, Longest = TimeSpan.FromSeconds(2), LongestWait = TimeSpan.FromSeconds(4) };
        return Campaign.RunAsync(target, options, TestContext.Current.CancellationToken);
    }
}
