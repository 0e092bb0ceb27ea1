using System.Globalization;
using Spectre.Console;

namespace Pipeline.Cli.Inspection;

/// <summary>Shows how many samples were looked at: in place on a terminal, a line every ten seconds elsewhere. How many there are is known at the end only.</summary>
internal static class InspectionProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    public static Task<T> ShowAsync<T>(bool onTerminal, TextWriter error, TimeProvider time, Func<Action<long>, Task<T>> work) =>
        onTerminal ? OnTerminalAsync(error, work) : work(Lines(error, time));

    private static Task<T> OnTerminalAsync<T>(TextWriter error, Func<Action<long>, Task<T>> work) =>
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) })
            .Status()
            .StartAsync("reading the annotations", status => work(samples => status.Status = Text(samples)));

    private static Action<long> Lines(TextWriter error, TimeProvider time)
    {
        var next = time.GetUtcNow() + Interval;
        return samples =>
        {
            if (time.GetUtcNow() < next)
                return;
            next = time.GetUtcNow() + Interval;
            error.WriteLine(Text(samples));
        };
    }

    private static string Text(long samples) => string.Create(CultureInfo.InvariantCulture, $"{samples} samples looked at");
}
