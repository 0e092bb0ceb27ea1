using System.Globalization;
using Pipeline.Servers.Processes;

namespace Pipeline.Servers.Postgres;

/// <summary>What a killed owner left behind: a server that still runs, or only its pid file.</summary>
internal static class StaleServer
{
    /// <summary>Stops the server of this data folder if it still runs, and removes a pid file that names anything else.</summary>
    /// <remarks>The caller owns the folder, so no living run uses that server.</remarks>
    public static async Task ClearAsync(ClusterAccount account, PostgresBinaries binaries, string data, CancellationToken token)
    {
        var pidFile = Path.Combine(data, "postmaster.pid");
        if (!File.Exists(pidFile))
        {
            return;
        }

        if (Running(data) is not null)
        {
            await account.RunAsync(binaries.Program("pg_ctl"), ["stop", "-s", "-w", "-m", "fast", "-D", data], token);
        }

        File.Delete(pidFile);
    }

    /// <summary>The server of a data folder. A process number is used again and again; the server is known by its working folder.</summary>
    public static DetachedProcess? Running(string data)
    {
        var pidFile = Path.Combine(data, "postmaster.pid");
        return File.Exists(pidFile)
            && int.TryParse(File.ReadLines(pidFile).FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            && new FileInfo($"/proc/{pid}/cwd").LinkTarget == data
            ? DetachedProcess.OfRunning(pid)
            : null;
    }
}
