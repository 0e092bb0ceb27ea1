using System.CommandLine;

namespace Pipeline.Cli.Tests;

/// <summary>Runs a command line in this process and keeps what it wrote.</summary>
internal static class Terminal
{
    public static Task<Outcome> RunAsync(Command command, params string[] arguments) =>
        RunAsync(new CommandLineApp(command), TestContext.Current.CancellationToken, arguments);

    public static async Task<Outcome> RunAsync(CommandLineApp app, CancellationToken token, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await app.RunAsync(arguments, output, error, token);
        return new Outcome(code, output.ToString(), error.ToString());
    }

    internal sealed record Outcome(int Code, string Output, string Error);
}
