using System.CommandLine;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Help;

namespace Pipeline.Cli.Tests;

public sealed class CommandLineAppTests
{
    private readonly CommandLineApp app = new(
        ValidateCommand.Create(new AnyModelCatalog()),
        new Command("dataset", "Make datasets.") { DatasetSynthCommand.Create() });

    [Fact]
    public async Task Help_groups_the_commands_and_shows_examples_and_exit_codes()
    {
        var outcome = await RunAsync("--help");

        outcome.Code.ShouldBe(0);
        outcome.Error.ShouldBeEmpty();
        outcome.Output.ShouldBe(
            """
            Runs segmentation vision-language models over datasets and compares ways of pruning their visual tokens.

            Usage: pipeline COMMAND [OPTIONS]

            Jobs
              validate JOB    Check a job file: every fault at once, nothing is started.

            Datasets
              dataset synth   Write a synthetic dataset: images, expressions, exact masks, in any format that is read.

            Options
              -h, --help   Show help.
              --version    Show the version.
              --verbose    Show where an error came from.

            Examples
              pipeline validate examples/quickstart.yaml
              pipeline dataset synth --count 1000 --out data/scenes

            Exit codes
              0 ok   1 failed   2 bad input, nothing was started   130 interrupted

            'pipeline COMMAND --help' says more about a command.

            """);
    }

    [Fact]
    public async Task Help_of_a_command_shows_its_usage_arguments_options_and_examples()
    {
        var help = (await RunAsync("dataset", "synth", "--help")).Output;

        help.ShouldContain("Usage: pipeline dataset synth --count N --out DIR [OPTIONS]");
        help.ShouldContain("--size WxH          Pixels, 64 to 4096 a side. Default 256x256.");
        help.ShouldContain("  pipeline dataset synth --count 1000 --out data/scenes\n");
        (await RunAsync("validate", "--help")).Output.ShouldContain("Arguments\n  JOB   Job file, YAML or JSON.");
    }

    [Fact]
    public async Task A_group_without_a_command_shows_its_commands_as_an_error()
    {
        var outcome = await RunAsync("dataset");
        outcome.Code.ShouldBe(2);
        outcome.Output.ShouldBeEmpty();
        outcome.Error.ShouldContain("Usage: pipeline dataset COMMAND [OPTIONS]");
    }

    [Theory]
    [InlineData("validat", "error: 'validat' is not a command; did you mean 'validate'?\n'pipeline --help' shows how it is used.")]
    [InlineData("dataset sinth", "error: 'sinth' is not a command; did you mean 'synth'?\n'pipeline dataset --help' shows how it is used.")]
    [InlineData("validate", "error: Required argument missing for command: 'validate'.")]
    [InlineData("validate a b", "error: Unrecognized command or argument 'b'.\n'pipeline validate --help' shows how it is used.")]
    [InlineData("dataset synth --out x", "error: Option '--count' is required.")]
    public async Task A_wrong_line_is_bad_input_and_says_how_it_is_right(string line, string message)
    {
        var outcome = await RunAsync(line.Split(' '));
        outcome.Code.ShouldBe(2);
        outcome.Output.ShouldBeEmpty();
        outcome.Error.ShouldContain(message);
    }

    [Fact]
    public async Task The_version_is_that_of_the_command()
    {
        var outcome = await RunAsync("--version");
        outcome.Code.ShouldBe(0);
        outcome.Output.ShouldStartWith("pipeline 0.");
    }

    [Theory]
    [InlineData(typeof(InvalidDataException), 2)]
    [InlineData(typeof(FileNotFoundException), 2)]
    [InlineData(typeof(ArgumentException), 2)]
    [InlineData(typeof(IOException), 1)]
    [InlineData(typeof(InvalidOperationException), 1)]
    public async Task An_error_is_one_line_unless_more_is_asked_for(Type type, int code)
    {
        var outcome = await Terminal.RunAsync(Failing(), "fail");
        outcome.Code.ShouldBe(code);
        outcome.Error.ShouldBe("error: the disk is full\n");
        (await Terminal.RunAsync(Failing(), "fail", "--verbose")).Error.ShouldContain("   at ");

        DocumentedCommand Failing()
        {
            var command = new DocumentedCommand("fail", "Fails.") { Group = "Tests", Examples = ["pipeline fail"] };
            command.SetAction((Func<ParseResult, int>)(_ => throw (Exception)Activator.CreateInstance(type, "the disk is full")!));
            return command;
        }
    }

    [Fact]
    public async Task An_interrupted_command_ends_with_130()
    {
        using var source = new CancellationTokenSource();
        var waiting = new DocumentedCommand("wait", "Waits.") { Group = "Tests", Examples = ["pipeline wait"] };
        waiting.SetAction(async (_, token) =>
        {
            await source.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
            return 0;
        });

        var outcome = await Terminal.RunAsync(new CommandLineApp(waiting), source.Token, "wait");
        outcome.Code.ShouldBe(130);
        outcome.Error.ShouldBe("interrupted\n");
    }

    private Task<Terminal.Outcome> RunAsync(params string[] arguments) => Terminal.RunAsync(app, TestContext.Current.CancellationToken, arguments);
}
