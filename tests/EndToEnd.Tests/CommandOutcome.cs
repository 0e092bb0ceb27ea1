namespace Pipeline.EndToEnd.Tests;

/// <summary>How a command ended and what it said.</summary>
internal sealed record CommandOutcome(int ExitCode, string Output, string Errors)
{
    public CommandOutcome ShouldExitWith(int code)
    {
        ExitCode.ShouldBe(code, $"output:\n{Output}\nerrors:\n{Errors}");
        return this;
    }
}
