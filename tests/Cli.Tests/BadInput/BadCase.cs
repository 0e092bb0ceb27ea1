namespace Pipeline.Cli.Tests.BadInput;

/// <summary>One wrong input, and what the command must say of it.</summary>
/// <param name="Name">What is wrong.</param>
/// <param name="Line">Makes the input and gives the command line, parted by blanks.</param>
/// <param name="Words">All of them stand in what is written to the error stream.</param>
public sealed record BadCase(string Name, Func<Workshop, string> Line, params string[] Words)
{
    /// <summary>How the command ends.</summary>
    public int Code { get; init; } = ExitCode.BadInput;
}
