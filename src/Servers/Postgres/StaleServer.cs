using System.Globalization;

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

        if (IsServerOf(pidFile, data))
        {
            await account.RunAsync(binaries.Program("pg_ctl"), ["stop", "-s", "-w", "-m", "fast", "-D", data], token);
        }

        File.Delete(pidFile);
    }

    /// <summary>A process number is used again and again; the server is known by its working folder.</summary>
    private static bool IsServerOf(string pidFile, string data)
    {
        var first = File.ReadLines(pidFile).FirstOrDefault();
        return int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            && new FileInfo($"/proc/{pid}/cwd").LinkTarget == data;
    }
}
