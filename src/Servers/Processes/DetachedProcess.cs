using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Pipeline.Servers.Processes;

/// <summary>A process that may outlive its starter. It is known by its number and its start, since numbers are used again.</summary>
/// <param name="Pid">Number of the process.</param>
/// <param name="Started">When the kernel started it, in clock ticks since boot.</param>
public sealed partial record DetachedProcess(int Pid, long Started)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    /// <summary>Whether it is still there; one that ended and was not yet collected by its parent is not.</summary>
    public bool IsRunning() => StartOf(Pid) == Started;

    /// <summary>Starts a program in a session of its own, with no input and its output appended to a file.</summary>
    /// <param name="environment">Set beside what this process has; null removes a name.</param>
    /// <exception cref="ServerException">There is no such program.</exception>
    public static DetachedProcess Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> environment, string workingFolder, string log)
    {
        // The shell becomes the program and setsid became the shell: number and start stay those of the process started here.
        var start = new ProcessStartInfo("setsid", ["sh", "-c", "log=$1; shift; exec \"$@\" </dev/null >>\"$log\" 2>&1", "sh", log, program, .. arguments])
        {
            WorkingDirectory = workingFolder,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        try
        {
            using var process = Process.Start(start)!;
            return OfRunning(process.Id) ?? throw new ServerException($"{program} ended at once; its output is in {log}.");
        }
        catch (Win32Exception error)
        {
            throw new ServerException($"setsid cannot be run ({error.Message}); it is in Debian's package util-linux.", error);
        }
    }

    /// <returns>Null where no such process runs.</returns>
    public static DetachedProcess? OfRunning(int pid) => StartOf(pid) is { } started ? new(pid, started) : null;

    /// <summary>Asks it to end, and ends it by force when it has not within a time.</summary>
    /// <returns>False when force was needed.</returns>
    public async Task<bool> StopAsync(TimeSpan patience, CancellationToken token)
    {
        Send(Signal.Terminate);
        Thaw();
        if (await EndsWithinAsync(patience, token))
            return true;
        await KillAsync(token);
        return false;
    }

    /// <summary>Ends it without a chance to clean up, and waits until it is gone.</summary>
    public async Task KillAsync(CancellationToken token)
    {
        Send(Signal.Kill);
        while (!await EndsWithinAsync(TimeSpan.FromSeconds(1), token))
        {
        }
    }

    /// <summary>Stops its clock: it keeps everything it holds and does nothing.</summary>
    public void Freeze() => Send(Signal.Stop);

    /// <summary>Lets a frozen process go on.</summary>
    public void Thaw() => Send(Signal.Continue);

    public async Task<bool> EndsWithinAsync(TimeSpan patience, CancellationToken token)
    {
        var started = Stopwatch.GetTimestamp();
        while (IsRunning())
        {
            if (Stopwatch.GetElapsedTime(started) > patience)
                return false;
            await Task.Delay(Poll, token);
        }

        return true;
    }

    private void Send(Signal signal)
    {
        if (IsRunning())
            _ = Kill(Pid, (int)signal);
    }

    /// <summary>Field 22 of the process's line; the name before it may hold blanks and parentheses.</summary>
    /// <remarks>A process whose first thread ended is there until its other threads (field 20) have let go of its ports and files.</remarks>
    private static long? StartOf(int pid)
    {
        try
        {
            var line = File.ReadAllText($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/stat");
            var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is ("Z" or "X") && fields[17] is ("0" or "1") ? null : long.Parse(fields[19], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);

    private enum Signal
    {
        Kill = 9,
        Terminate = 15,
        Continue = 18,
        Stop = 19,
    }
}
