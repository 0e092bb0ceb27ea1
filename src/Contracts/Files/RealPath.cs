namespace Pipeline.Contracts.Files;

/// <summary>Follows symbolic links.</summary>
internal static class RealPath
{
    /// <summary>As many as Linux follows.</summary>
    private const int MostLinks = 40;

    /// <param name="path">Absolute.</param>
    /// <returns>The path without links and dots; parts that do not exist stay as they are. Null where links go round in circles or a part cannot be looked at.</returns>
    public static string? Of(string path)
    {
        var real = Path.GetPathRoot(path)!;
        var open = new Stack<string>(Parts(path).Reverse());
        var links = 0;
        try
        {
            while (open.TryPop(out var part))
            {
                if (part == "..")
                {
                    real = Path.GetDirectoryName(real) ?? real;
                    continue;
                }

                var next = Path.Combine(real, part);
                if (new FileInfo(next).LinkTarget is not { } target)
                {
                    real = next;
                    continue;
                }

                if (++links > MostLinks)
                    return null;
                if (Path.IsPathRooted(target))
                    real = Path.GetPathRoot(target)!;
                foreach (var inner in Parts(target).Reverse())
                    open.Push(inner);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        return real;
    }

    private static IEnumerable<string> Parts(string path) =>
        path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".");
}
