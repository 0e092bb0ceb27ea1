using System.Text.Json.Nodes;
using Pipeline.Cli.Commands;
using Pipeline.Segmentation.Verification;
using TorchSharp;

namespace Pipeline.Cli.Tests.Commands;

public sealed class ModelVerifyCommandTests
{
    private static readonly IReadOnlyList<IReadOnlyList<VerificationRow>> Groups =
    [
        [
            new("clip", "image", [1, 3, 8, 8], 0, 0, true, ""),
            new("clip", "features.last", [1, 16, 32], 1.25e-5, 1e-4, true, ""),
        ],
        [new("sam", "io.safetensors", [], null, 0, false, "cannot be read: cut off")],
    ];

    [Fact]
    public void Each_group_is_a_table_with_a_row_per_tensor_and_the_last_line_counts()
    {
        using var output = new StringWriter();
        ModelVerifyCommand.Report(Groups, json: false, output).ShouldBe(1);
        output.ToString().ShouldBe(
            """
            tensor              shape    max abs error  tolerance  result
            clip/image          1x3x8x8  0              exact      pass
            clip/features.last  1x16x32  1.25e-05       1.00e-04   pass

            tensor              shape  max abs error  tolerance  result
            sam/io.safetensors         -              exact      FAIL  cannot be read: cut off

            2 passed, 1 failed

            """);
    }

    [Fact]
    public void Json_has_the_counts_and_every_field_of_every_row()
    {
        using var output = new StringWriter();
        ModelVerifyCommand.Report(Groups, json: true, output).ShouldBe(1);

        var json = JsonNode.Parse(output.ToString())!;
        json["passed"]!.GetValue<int>().ShouldBe(2);
        json["failed"]!.GetValue<int>().ShouldBe(1);
        var rows = json["rows"]!.AsArray();
        rows.Count.ShouldBe(3);
        foreach (var row in rows)
            row!.AsObject().Select(field => field.Key).ShouldBe(["group", "tensor", "maxAbsError", "tolerance", "passed", "message"]);
        rows[1]!["maxAbsError"]!.GetValue<double>().ShouldBe(1.25e-5);
        rows[2]!["maxAbsError"].ShouldBeNull();
        rows[2]!["message"]!.GetValue<string>().ShouldBe("cannot be read: cut off");
    }

    [Fact]
    public void All_passed_is_success()
    {
        using var output = new StringWriter();
        ModelVerifyCommand.Report(Groups.Take(1), json: false, output).ShouldBe(0);
        output.ToString().ShouldEndWith("\n2 passed, 0 failed\n");
    }

    [Fact]
    public async Task The_groups_asked_for_are_verified()
    {
        var outcome = await VerifyAsync(Golden(), "--group", "llama", "--json");
        outcome.Code.ShouldBe(0, outcome.Output);
        JsonNode.Parse(outcome.Output)!["rows"]!.AsArray().Select(row => row!["group"]!.GetValue<string>()).Distinct().ShouldBe(["llama"]);
    }

    [Theory]
    [InlineData("--group", "nope", "'nope' not recognized")]
    [InlineData("--device", "gpu", "--device gpu is not a device; use cpu, cuda, cuda:N or auto")]
    [InlineData("--dtype", "int8", "'int8' not recognized")]
    public async Task A_wrong_option_is_refused(string option, string value, string message)
    {
        var outcome = await VerifyAsync(Golden(), option, value);
        outcome.Code.ShouldBe(2);
        outcome.Error.ShouldContain(message);
    }

    [Fact]
    public async Task Cuda_where_there_is_none_is_bad_input()
    {
        Assert.SkipWhen(torch.cuda.is_available(), "this machine has a CUDA device");
        var outcome = await VerifyAsync(Golden(), "--group", "llama", "--device", "cuda:0");
        outcome.Code.ShouldBe(2);
        outcome.Error.ShouldStartWith("error: --device cuda:0: libtorch ");
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_bad_input()
    {
        var outcome = await VerifyAsync("/does/not/exist");
        outcome.Code.ShouldBe(2);
        outcome.Error.ShouldStartWith("error: /does/not/exist does not exist");
    }

    private static Task<Terminal.Outcome> VerifyAsync(params string[] arguments) => Terminal.RunAsync(ModelVerifyCommand.Create(), ["verify", .. arguments]);

    private static string Golden()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Pipeline.sln")))
            folder = folder.Parent;
        return Path.Combine(folder.FullName, "tests", "golden");
    }
}
