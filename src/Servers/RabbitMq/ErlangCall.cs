using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Servers.RabbitMq;

/// <summary>Has a server's Erlang node evaluate an expression: what <c>rabbitmqctl</c> does, in milliseconds instead of seconds.</summary>
internal static class ErlangCall
{
    private static int calls;

    /// <exception cref="ServerException">The node does not answer or the expression failed.</exception>
    public static async Task EvaluateAsync(string folder, RabbitMqSettings settings, string expression, CancellationToken token)
    {
        // Two calls of one name at a time would turn each other away.
        var caller = $"call{Interlocked.Increment(ref calls)}x{Environment.ProcessId}";
        var start = new ProcessStartInfo("erl_call", ["-h", caller, "-sname", RabbitMqFiles.NodeName(settings), "-e"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["HOME"] = folder;
        start.Environment["ERL_EPMD_PORT"] = settings.NamesPort.ToString(CultureInfo.InvariantCulture);
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync($"{expression}.\n".AsMemory(), token);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(token);
        var error = process.StandardError.ReadToEndAsync(token);
        await process.WaitForExitAsync(token);
        var said = $"{await output}{await error}".Trim();
        if (process.ExitCode != 0 || !said.StartsWith("{ok,", StringComparison.Ordinal))
            throw new ServerException($"RabbitMQ in {folder} refused {expression}: {said}");
    }
}
