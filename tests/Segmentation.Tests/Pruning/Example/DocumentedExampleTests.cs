using System.Text.RegularExpressions;
using Pipeline.Segmentation.Pruning;
using Pipeline.Segmentation.Tests.Llama;

namespace Pipeline.Segmentation.Tests.Pruning.Example;

public sealed class DocumentedExampleTests
{
    private static readonly string Repository = Path.GetFullPath(Path.Combine(GoldenLlama.GoldenSet, "..", ".."));

    [Theory]
    [InlineData("CentrePruning.cs")]
    [InlineData("CentrePruningTests.cs")]
    public void The_page_quotes_the_files_that_are_compiled(string file)
    {
        var page = File.ReadAllText(Path.Combine(Repository, "docs", "add-a-method.md"));
        var code = File.ReadAllText(Path.Combine(Repository, "tests", "Segmentation.Tests", "Pruning", "Example", file));
        Regex.Matches(page, "```csharp\n(.*?)```", RegexOptions.Singleline).Select(match => match.Groups[1].Value).ShouldContain(code);
    }

    [Fact]
    public void The_page_registers_a_method_as_methods_are_registered()
    {
        var form = new Regex("""^\s*Entry\.Of<[\w.]+>\("[a-z-]+", "[^"]+", \w+ => new \w+\(\w*\)(, reimplementation: true)?\),$""");
        string[] Lines(params string[] path) => [.. File.ReadLines(Path.Combine([Repository, .. path])).Where(line => line.TrimStart().StartsWith("Entry.Of<", StringComparison.Ordinal))];

        Lines("docs", "add-a-method.md").ShouldHaveSingleItem().ShouldMatch(form.ToString());
        Lines("src", "Segmentation", "Pruning", "PruningMethods.cs").Length.ShouldBe(PruningMethods.Schemas.Count);
        Lines("src", "Segmentation", "Pruning", "PruningMethods.cs").ShouldAllBe(line => form.IsMatch(line));
    }
}
