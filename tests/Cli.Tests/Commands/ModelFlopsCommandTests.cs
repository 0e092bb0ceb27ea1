using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pipeline.Cli.Commands;
using Pipeline.Segmentation;

namespace Pipeline.Cli.Tests.Commands;

public sealed class ModelFlopsCommandTests
{
    [Theory]
    [InlineData("--model llava-1.5-7b", "pyramiddrop", 3.817, 576)]
    [InlineData("--model llava-1.5-7b --prune fastv:layer=2,keep=0.5", "pyramiddrop", 2.007, 306)]
    [InlineData("--model llava-1.5-7b --prune pyramiddrop:boundaries=8/16/24,ratios=0.5/0.25/0.125", "pyramiddrop", 1.777, 270)]
    [InlineData("--model llava-next-7b --prune pyramiddrop", "pyramiddrop", 9.465, 1350)]
    [InlineData("--model llava-next-7b --prune fastv:layer=2,keep=0.5", "pyramiddrop", 10.554, 1530)]
    [InlineData("--model llava-1.5-7b --tokens 2048", "pyramiddrop", 14.362, 2048)]
    [InlineData("--model lisa-13b --text 100", "pyramiddrop", 3.275, 256)]
    [InlineData("--model omg-llava-7b", "pyramiddrop", 1.804, 256)]
    [InlineData("--model llava-1.5-7b --convention fastv --text 0", "fastv", 2.986, 576)]
    [InlineData("--model llava-1.5-7b --convention fastv", "fastv", 3.178, 576)]
    public async Task Json_answers_with_flops_and_tokens(string line, string convention, double tera, double tokens)
    {
        var answer = await JsonAsync(line);
        answer["tflops"]!.GetValue<double>().ShouldBe(tera, 0.0005);
        answer["averageVisualTokens"]!.GetValue<double>().ShouldBe(tokens);
        answer["convention"]!.GetValue<string>().ShouldBe(convention);
        var layers = answer["visualTokensPerLayer"]!.AsArray().Count;
        (answer["gflopsPerLayer"]!.GetValue<double>() * layers / 1000).ShouldBe(answer["tflops"]!.GetValue<double>(), 1e-9);
    }

    [Theory]
    [InlineData("--model llava-1.5-7b --convention fastv", 99.328)]
    [InlineData("--model llava-1.5-13b --convention fastv", 154.642)]
    [InlineData("--model llava-1.5-13b --prune fastv:layer=2,keep=0.25 --convention fastv", 50.184)]
    public async Task Json_answers_with_the_mean_layer_as_FastV_prints_it(string line, double giga) =>
        (await JsonAsync(line))["gflopsPerLayer"]!.GetValue<double>().ShouldBe(giga, 0.0005);

    [Fact]
    public async Task Json_lists_the_visual_tokens_of_every_layer_and_the_memory()
    {
        var answer = await JsonAsync("--model lisa-7b --prune fastv:keep=0.5,layer=3 --text 44");
        answer["visualTokensPerLayer"]!.AsArray().Select(count => count!.GetValue<int>()).ShouldBe([.. Enumerable.Repeat(256, 3), .. Enumerable.Repeat(128, 29)]);
        answer["prune"]!.GetValue<string>().ShouldBe("fastv:keep=0.5,layer=3");
        answer["textTokens"]!.GetValue<int>().ShouldBe(44);
        answer["kvCacheBytes"]!.GetValue<long>().ShouldBe(((3 * 300) + (29 * 172)) * 16L * 1024);
        answer["peakActivationBytes"]!.GetValue<long>().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task The_table_names_the_convention_and_puts_equal_layers_together()
    {
        var output = (await RunAsync("--model llava-1.5-7b --prune fastv:layer=2,keep=0.5")).Output;
        output.ShouldContain("pyramiddrop: decoder layers, visual tokens only, 4nd^2 + 2n^2d + 3ndm, one multiply-add is one FLOP");
        output.ShouldContain("2x576 30x288, mean 306");
        output.ShouldContain("2.007, 52.6 % of none");
        output.ShouldNotContain("vision tower");
    }

    [Fact]
    public async Task The_full_convention_lists_its_parts()
    {
        var output = (await RunAsync("--model lisa-7b --prune fastv:layer=2,keep=0.5 --convention full")).Output;
        foreach (var part in (string[])["mask encoder", "decoder layers", "vision tower", "mask decoder", "projector", "output head", "ranking"])
            output.ShouldMatch($"(?m)^  {part} +[0-9.E-]+$");
        output.ShouldMatch("(?m)^text tokens +64$");
    }

    [Theory]
    [InlineData("--model lisa-7c", "'lisa-7c' is neither a known model nor the folder of a checkpoint; did you mean 'lisa-7b'?")]
    [InlineData("--model lisa-7b --prune fastV2:keep=0.5", "'fastV2' is not a method; did you mean 'fastv'?")]
    [InlineData("--model lisa-7b --prune fastv:kep=0.5", "kep is not a setting of 'fastv'; did you mean 'keep'?")]
    [InlineData("--model lisa-7b --prune fastv:layer=32,keep=0.5", "layer 32 is beyond this model's 32 layers; use 1 to 31")]
    [InlineData("--model lisa-7b --prune fastv:keep=0", "keep 0 is not above 0; use a share above 0 and at most 1")]
    [InlineData("--model lisa-7b --prune fastv:count=257", "count 257 is more than this model's 256 visual tokens; use 1 to 256")]
    [InlineData("--model lisa-7b --prune fastv:keep=0.5/0.25", "stands for 2 variants")]
    [InlineData("--model lisa-7b --prune fastv:average=1", "fastv:average=1: average 1 ")]
    [InlineData("--model lisa-7b --tokens 0", "--tokens 0 is not a number of tokens; use 1 or more")]
    [InlineData("--model lisa-7b --tokens=-4", "--tokens -4 is not a number of tokens; use 1 or more")]
    [InlineData("--model lisa-7b --tokens many", "--tokens many is not a number of tokens; use 1 or more")]
    [InlineData("--model lisa-7b --text=-1", "--text -1 is not a number of tokens; use 0 or more")]
    [InlineData("--model lisa-7b --convention macs", "'macs' not recognized")]
    [InlineData("--prune none", "Option '--model' is required, unless '--tables' is given.")]
    public async Task A_wrong_line_says_what_would_be_right(string line, string message)
    {
        var outcome = await RunAsync(line);
        outcome.Code.ShouldBe(2);
        outcome.Output.ShouldBeEmpty();
        outcome.Error.ShouldContain(message);
    }

    [Fact]
    public async Task The_tables_of_the_documentation_are_those_of_the_command()
    {
        var page = File.ReadAllText(Path.Combine(Repository(), "docs", "pruning.md"));
        var section = Regex.Match(page, "<!-- pipeline model flops --tables -->\n\n(.*)\n<!-- end of tables -->", RegexOptions.Singleline).Groups[1].Value;
        section.ShouldBe((await RunAsync("--tables")).Output);
    }

    private static async Task<JsonObject> JsonAsync(string line)
    {
        var outcome = await RunAsync($"{line} --json");
        outcome.Code.ShouldBe(0, outcome.Error);
        return JsonNode.Parse(outcome.Output)!.AsObject();
    }

    private static Task<Terminal.Outcome> RunAsync(string line) => Terminal.RunAsync(ModelFlopsCommand.Create(new ModelCatalog()), ["flops", .. line.Split(' ')]);

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Pipeline.sln")))
            folder = folder.Parent;
        return folder.FullName;
    }
}
