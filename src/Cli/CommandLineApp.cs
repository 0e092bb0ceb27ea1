using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Reflection;
using Pipeline.Cli.Help;
using Pipeline.Contracts.Text;
using Pipeline.Segmentation.Checkpoints;

namespace Pipeline.Cli;

/// <summary>The <c>pipeline</c> command: parses the line, runs one command and turns whatever goes wrong into a message and an exit code.</summary>
public sealed class CommandLineApp
{
    public const string Name = "pipeline";

    private readonly RootCommand root = new("Runs segmentation vision-language models over datasets and compares ways of pruning their visual tokens.");

    private readonly Option<bool> verbose = new("--verbose") { Description = "Show where an error came from.", Recursive = true };

    /// <param name="commands">Commands, or groups of commands.</param>
    public CommandLineApp(params IReadOnlyList<Command> commands)
    {
        foreach (var command in commands)
            root.Subcommands.Add(command);
        foreach (var group in commands.Append(root).Where(command => command.Subcommands.Count > 0))
            group.SetAction(result => ShowCommands(group, result));
        root.Options.OfType<HelpOption>().Single().Action = new HelpPage();
        root.Options.OfType<HelpOption>().Single().Description = "Show help.";
        root.Options.OfType<VersionOption>().Single().Action = new ShowVersion();
        root.Options.OfType<VersionOption>().Single().Description = "Show the version.";
        root.Options.Add(verbose);
    }

    /// <summary>Runs the command that the arguments name.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter error, CancellationToken token)
    {
        var line = root.Parse(arguments);
        if (line.Action is ParseErrorAction)
        {
            foreach (var message in Faults(line))
                await error.WriteLineAsync($"error: {message}");
            await error.WriteLineAsync($"'{HelpPage.PathOf(line.CommandResult.Command)} --help' shows how it is used.");
            return ExitCode.BadInput;
        }

        try
        {
            return await line.InvokeAsync(
                new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
                token);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            await error.WriteLineAsync("interrupted");
            return ExitCode.Interrupted;
        }
        catch (Exception fault)
        {
            await error.WriteLineAsync(line.GetValue(verbose) ? fault.ToString() : $"error: {fault.Message}");
            return IsBadInput(fault) ? ExitCode.BadInput : ExitCode.Failed;
        }
    }

    private static bool IsBadInput(Exception fault) =>
        fault is InvalidDataException or CheckpointException or FileNotFoundException or DirectoryNotFoundException or ArgumentException;

    private static int ShowCommands(Command group, ParseResult result)
    {
        HelpPage.Write(group, result.InvocationConfiguration.Error);
        return ExitCode.BadInput;
    }

    private static IEnumerable<string> Faults(ParseResult line)
    {
        string[] commands = [.. line.CommandResult.Command.Subcommands.Select(command => command.Name)];
        return commands.Length > 0 && line.UnmatchedTokens is [var word, ..] && !word.StartsWith('-')
            ? [$"'{word}' is not a command{Suggestion.For(word, commands)}"]
            : line.Errors.Select(fault => fault.Message);
    }

    private sealed class ShowVersion : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var version = typeof(CommandLineApp).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
            parseResult.InvocationConfiguration.Output.WriteLine($"{Name} {version}");
            return ExitCode.Ok;
        }
    }
}
