using System.Text.Json.Nodes;
using Pipeline.Cli.Commands;

namespace Pipeline.Cli.Tests.Commands;

public sealed class KeyCommandsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_key_is_shown_once_and_listed_without_itself_until_it_is_revoked()
    {
        var created = await RunAsync("create", "--name", "ci", "--scope", "submit", "--expires", "90d");
        created.Code.ShouldBe(ExitCode.Ok, created.Error);
        var key = created.Output.TrimEnd('\n');
        key.ShouldMatch("^plk_[A-Za-z0-9_-]{43}$");

        var listed = await RunAsync("list");
        listed.Output.ShouldMatch(@"ci\s+submit\s+good");
        listed.Output.ShouldNotContain(key);
        (await RunAsync("revoke", "ci")).Output.ShouldBe("ci is revoked\n");
        JsonNode.Parse((await RunAsync("list", "--json")).Output)![0]!["state"]!.GetValue<string>().ShouldBe("revoked");
    }

    [Theory]
    [InlineData("90")]
    [InlineData("0d")]
    [InlineData("-1d")]
    [InlineData("1w")]
    [InlineData("99999999d")]
    public async Task A_time_that_is_none_is_bad_input_and_makes_no_key(string expires)
    {
        var outcome = await RunAsync("create", "--name", "ci", "--scope", "read", $"--expires={expires}");
        outcome.Code.ShouldBe(ExitCode.BadInput);
        outcome.Error.ShouldContain("90d");
        File.Exists(folder["keys.json"]).ShouldBeFalse();
    }

    [Fact]
    public async Task A_scope_that_is_none_is_bad_input() =>
        (await RunAsync("create", "--name", "ci", "--scope", "root")).Code.ShouldBe(ExitCode.BadInput);

    private Task<Terminal.Outcome> RunAsync(params string[] line) =>
        Terminal.RunAsync(KeyCommands.Create(TimeProvider.System), ["key", .. line, "--file", folder["keys.json"]]);
}
