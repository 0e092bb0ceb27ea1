using Pipeline.GpuWorker.Children;

namespace Pipeline.GpuWorker.Tests.Fakes;

/// <summary>Processes as the kernel shows them.</summary>
internal static class ProcessTree
{
    /// <summary>The processes that run the model for a worker.</summary>
    public static int[] ChildrenOf(int worker) =>
    [
        .. Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!, null))
            .Where(process => IsChild(process, worker)),
    ];

    /// <returns>The letter of its state, such as <c>S</c>, <c>T</c> (frozen) or <c>Z</c>; null when it is gone.</returns>
    public static string? StateOf(int process)
    {
        try
        {
            return StatusOf(process)[0];
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static bool IsChild(int process, int worker)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Contains(InferenceChild.Argument, StringComparison.Ordinal) && StatusOf(process)[1] == $"{worker}";
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>State, parent and so on, after the name, which may hold anything.</summary>
    private static string[] StatusOf(int process) => File.ReadAllText($"/proc/{process}/stat").Split(") ")[1].Split(' ');
}
