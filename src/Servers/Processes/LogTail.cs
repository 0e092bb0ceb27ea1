namespace Pipeline.Servers.Processes;

/// <summary>The end of a log, for messages about a server that did not start.</summary>
public static class LogTail
{
    private const int Lines = 12;

    /// <returns>Where the log is and how it ends.</returns>
    public static string Describe(string log) => $"Its log {log} ends with:\n{Of(log)}";

    /// <returns>The last lines of each log that is there and not empty.</returns>
    public static string Of(params string[] logs)
    {
        var lines = logs.Where(File.Exists).SelectMany(log => File.ReadLines(log).TakeLast(Lines)).ToArray();
        return lines.Length > 0 ? string.Join('\n', lines) : "(nothing)";
    }
}
