using System.CommandLine;
using System.CommandLine.Invocation;

namespace Pipeline.Cli.Help;

/// <summary>Writes help: commands by group, then options, examples and exit codes.</summary>
public sealed class HelpPage : SynchronousCommandLineAction
{
    private const string ExitCodes = "0 ok   1 failed   2 bad input, nothing was started   130 interrupted";

    /// <summary>Asking for help is never an error, whatever else stands on the line.</summary>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        Write(parseResult.CommandResult.Command, parseResult.InvocationConfiguration.Output);
        return ExitCode.Ok;
    }

    /// <summary>Writes the page of one command.</summary>
    public static void Write(Command command, TextWriter output)
    {
        output.WriteLine(command.Description);
        output.WriteLine();
        output.WriteLine($"Usage: {Usage(command)}");
        var leaves = Leaves(command).Where(leaf => leaf != command).Select(leaf => (Label: PathFrom(command, leaf), leaf.Description, leaf.Group)).ToArray();
        var width = leaves.Select(leaf => leaf.Label.Length).DefaultIfEmpty().Max();
        foreach (var group in leaves.GroupBy(leaf => leaf.Group))
            WriteSection(output, group.Key, group.Select(leaf => (leaf.Label.PadRight(width), leaf.Description!)));
        WriteSection(output, "Arguments", command.Arguments.Select(argument => (Placeholder(argument), argument.Description!)));
        WriteSection(output, "Options", Options(command).Select(option => (Label(option), option.Description!)));
        WriteLines(output, "Examples", command is DocumentedCommand documented ? documented.Examples : Leaves(command).Select(leaf => leaf.Examples[0]));
        WriteLines(output, "Exit codes", [ExitCodes]);
        if (command.Subcommands.Count > 0)
        {
            output.WriteLine();
            output.WriteLine($"'{PathOf(command)} COMMAND --help' says more about a command.");
        }
    }

    private static IEnumerable<DocumentedCommand> Leaves(Command command) =>
        command is DocumentedCommand leaf ? [leaf] : command.Subcommands.SelectMany(Leaves);

    private static string Usage(Command command)
    {
        var parts = new List<string> { PathOf(command) };
        if (command.Subcommands.Count > 0)
            parts.Add("COMMAND");
        parts.AddRange(command.Arguments.Select(Placeholder));
        parts.AddRange(command.Options.Where(option => option.Required).Select(Label));
        parts.Add("[OPTIONS]");
        return string.Join(' ', parts);
    }

    private static IEnumerable<Option> Options(Command command)
    {
        var inherited = Ancestors(command).SelectMany(ancestor => ancestor.Options.Where(option => option.Recursive));
        return command.Options.Concat(inherited).Where(option => !option.Hidden);
    }

    private static IEnumerable<Command> Ancestors(Command command) =>
        command.Parents.OfType<Command>().SelectMany(parent => Ancestors(parent).Prepend(parent));

    /// <returns>The whole name: <c>pipeline model verify</c>.</returns>
    public static string PathOf(Command command) =>
        string.Join(' ', Ancestors(command).Reverse().Append(command).Select(part => part is RootCommand ? CommandLineApp.Name : part.Name));

    /// <summary>How a command is called from another one: <c>model verify DIR</c>.</summary>
    private static string PathFrom(Command above, DocumentedCommand command)
    {
        var between = Ancestors(command).TakeWhile(ancestor => ancestor != above).Reverse().Select(ancestor => ancestor.Name);
        return string.Join(' ', between.Append(command.Name).Concat(command.Arguments.Select(Placeholder)));
    }

    private static string Placeholder(Argument argument) => argument.HelpName ?? argument.Name.ToUpperInvariant();

    private static string Label(Option option)
    {
        var names = string.Join(", ", option.Aliases.Where(alias => alias is ['-', >= 'a' and <= 'z']).Append(option.Name).OrderBy(name => name.Length));
        return option.HelpName is { } value ? $"{names} {value}" : names;
    }

    private static void WriteSection(TextWriter output, string heading, IEnumerable<(string Label, string Text)> rows)
    {
        var all = rows.ToArray();
        var width = all.Select(row => row.Label.Length).DefaultIfEmpty().Max();
        WriteLines(output, heading, all.Select(row => $"{row.Label.PadRight(width)}   {row.Text}"));
    }

    private static void WriteLines(TextWriter output, string heading, IEnumerable<string> lines)
    {
        var all = lines.ToArray();
        if (all.Length == 0)
            return;
        output.WriteLine();
        output.WriteLine(heading);
        foreach (var line in all)
            output.WriteLine($"  {line}");
    }
}
