using System.CommandLine;

namespace Pipeline.Cli.Help;

/// <summary>A command with what its help page says beyond its options.</summary>
internal sealed class DocumentedCommand(string name, string description) : Command(name, description)
{
    /// <summary>Heading under which the main help page lists it.</summary>
    public required string Group { get; init; }

    /// <summary>Whole command lines.</summary>
    public required IReadOnlyList<string> Examples { get; init; }
}
