using Pipeline.Contracts.Datasets.ReasonSeg;
using Pipeline.Contracts.Datasets.Refer;

namespace Pipeline.Contracts.Datasets;

/// <summary>Guesses from what lies in a folder, or from a file's name, which dataset it is.</summary>
public static class LayoutGuess
{
    private const string InstancesStart = "instances_";

    /// <param name="path">A folder or file that exists.</param>
    /// <param name="set">The set that is wanted of several; null for the first.</param>
    /// <returns>The keys of a job's dataset section; without one that cannot be guessed. Null where nothing is known of it.</returns>
    /// <exception cref="IOException">The folder cannot be looked into.</exception>
    public static IReadOnlyDictionary<string, string>? Of(string path, string? set = null)
    {
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (File.Exists(path))
            return Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase) ? Instances(path) : Keys(("format", "manifest"), ("path", path));
        return Refer(path, set) ?? ReasonSeg(path) ?? InstancesBelow(path) ?? Manifest(path);
    }

    private static Dictionary<string, string>? Refer(string folder, string? wanted)
    {
        var name = Path.GetFileName(folder);
        if (ReferFolder.Sets.Contains(name) && ReferFolder.SplitsBy(folder) is [var own, ..])
            return ReferKeys(Path.GetDirectoryName(folder)!, name, own);
        foreach (var set in ReferFolder.SetsIn(folder).Where(set => wanted is null || set == wanted))
        {
            if (ReferFolder.SplitsBy(Path.Combine(folder, set)) is [var splitBy, ..])
                return ReferKeys(folder, set, splitBy);
        }

        return null;
    }

    private static Dictionary<string, string> ReferKeys(string folder, string set, string splitBy) =>
        Keys(("format", "refcoco"), ("path", folder), ("set", set), ("split_by", splitBy), ("split", "val"));

    private static Dictionary<string, string>? ReasonSeg(string folder)
    {
        if (ReasonSegDataset.IsSplit(folder))
            return Keys(("format", "reasonseg"), ("path", Path.GetDirectoryName(folder) ?? folder), ("split", Path.GetFileName(folder)));
        var splits = ReasonSegDataset.Splits(folder);
        return splits.Count > 0 ? Keys(("format", "reasonseg"), ("path", folder), ("split", splits.Contains("val") ? "val" : splits[0])) : null;
    }

    private static Dictionary<string, string>? InstancesBelow(string folder)
    {
        string[] places = [Path.Combine(folder, "annotations"), folder];
        var files = places.Where(Directory.Exists).SelectMany(place => Directory.EnumerateFiles(place, InstancesStart + "*.json")).Order(StringComparer.Ordinal).ToArray();
        return files.Length > 0 ? Instances(files.FirstOrDefault(file => file.Contains("val", StringComparison.Ordinal)) ?? files[0]) : null;
    }

    private static Dictionary<string, string> Instances(string file)
    {
        var keys = Keys(("format", "coco"), ("path", file));
        var name = Path.GetFileNameWithoutExtension(file);
        var part = name.StartsWith(InstancesStart, StringComparison.Ordinal) ? name[InstancesStart.Length..] : name;
        string?[] places = [Path.GetDirectoryName(file), Path.GetDirectoryName(Path.GetDirectoryName(file))];
        var candidates = places.OfType<string>().SelectMany(place => (string[])[Path.Combine(place, part), Path.Combine(place, "images", part), Path.Combine(place, "images")]);
        if (candidates.FirstOrDefault(Directory.Exists) is { } images)
            keys["images"] = images;
        return keys;
    }

    private static Dictionary<string, string>? Manifest(string folder)
    {
        var named = Path.Combine(folder, "manifest.jsonl");
        return File.Exists(named) ? Keys(("format", "manifest"), ("path", named))
            : Directory.EnumerateFiles(folder, "*.jsonl").Take(2).ToArray() is [var only] ? Keys(("format", "manifest"), ("path", only))
            : null;
    }

    private static Dictionary<string, string> Keys(params (string Key, string Value)[] keys) => keys.ToDictionary(entry => entry.Key, entry => entry.Value);
}
