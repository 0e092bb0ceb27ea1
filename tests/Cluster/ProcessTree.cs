using System.Globalization;

namespace Pipeline.Tests.Cluster;

/// <summary>Which processes descend from which.</summary>
public static class ProcessTree
{
    /// <returns>Ids of all descendants, as they are now.</returns>
    public static IReadOnlyList<int> Below(int ancestor)
    {
        var parents = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0)
            .Select(id => (Id: id, Parent: ParentOf(id)))
            .ToLookup(process => process.Parent, process => process.Id);
        var below = new List<int>();
        var open = new Queue<int>(parents[ancestor]);
        while (open.TryDequeue(out var id))
        {
            below.Add(id);
            foreach (var child in parents[id])
                open.Enqueue(child);
        }

        return below;
    }

    private static int ParentOf(int id)
    {
        try
        {
            // The program's name, in parentheses, may hold anything; the parent is the second field behind it.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
