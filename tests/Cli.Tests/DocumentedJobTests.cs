using System.Text.RegularExpressions;
using Pipeline.Contracts.Jobs;
using Pipeline.Segmentation;
using Pipeline.Segmentation.Pruning;

namespace Pipeline.Cli.Tests;

public sealed class DocumentedJobTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_documented_job_is_right_for_the_demo_model() =>
        Faults("job.yaml", Regex.Match(Read("docs/jobs.md"), "```yaml\n(.*?)```", RegexOptions.Singleline).Groups[1].Value).ShouldBeEmpty();

    public static TheoryData<string> Examples => new(Directory.GetFiles(InRepository("examples"), "*.yaml").Select(file => Path.GetFileName(file)));

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_is_right_for_the_demo_model(string example) =>
        Faults(example, Read($"examples/{example}")).ShouldBeEmpty();

    [Fact]
    public void Every_pruning_method_is_documented_with_all_its_settings_and_defaults()
    {
        var page = Read("docs/jobs.md");
        foreach (var method in PruningMethods.Schemas)
        {
            var row = Regex.Match(page, $"^\\| `{method.Name}` \\|.*$", RegexOptions.Multiline).Value;
            row.ShouldNotBeEmpty(method.Name);
            foreach (var parameter in method.Parameters)
            {
                row.ShouldContain($"`{parameter.Name}`");
                if (parameter.Default is { } value)
                    row.ShouldMatch($"`{parameter.Name}` \\(`?{Regex.Escape(value)}`?\\)");
            }
        }
    }

    private IReadOnlyList<JobFault> Faults(string name, string job) =>
        JobFile.Read(folder.Write(name, job.Replace("models/demo", InRepository("models/demo"), StringComparison.Ordinal)), new ModelCatalog()).Faults;

    private static string Read(string path) => File.ReadAllText(InRepository(path));

    private static string InRepository(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Pipeline.sln")))
            folder = folder.Parent;
        return Path.Combine(folder.FullName, path);
    }
}
