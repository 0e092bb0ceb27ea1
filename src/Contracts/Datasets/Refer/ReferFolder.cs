namespace Pipeline.Contracts.Datasets.Refer;

/// <summary>Where refer's data lies: a folder for each set, and the images of all beside them.</summary>
/// <remarks>github.com/lichengunc/refer, refer.py; LISA utils/dataset.py, ValDataset, which says where the images are.</remarks>
internal static class ReferFolder
{
    public const string Instances = "instances.json";

    private const string RefsStart = "refs(";
    private const string RefsEnd = ").p";

    /// <summary>Every set that is published in this layout.</summary>
    public static IReadOnlyList<string> Sets { get; } = ["refcoco", "refcoco+", "refcocog", "refclef"];

    /// <summary>The parts that refer's <c>getRefIds</c> takes: <c>testA</c> and <c>testB</c> hold whatever has an A or B in the name of its part, <c>test</c> all tests.</summary>
    public static IReadOnlyList<string> Splits { get; } = ["train", "val", "test", "testA", "testB"];

    /// <returns>Path of the images below the folder.</returns>
    public static string Images(string set) => set == "refclef" ? "images/saiapr_tc-12" : "images/mscoco/images/train2014";

    /// <returns>Path of a refs file below the folder: <c>refcoco/refs(unc).p</c>.</returns>
    public static string Refs(string set, string splitBy) => $"{set}/{RefsStart}{splitBy}{RefsEnd}";

    /// <returns>Those sets that have a folder here, in the order of <see cref="Sets"/>.</returns>
    public static IReadOnlyList<string> SetsIn(string folder) => [.. Sets.Where(set => Directory.Exists(Path.Combine(folder, set)))];

    /// <returns>Whose divisions a set's own folder holds, in ordinal order: <c>google</c>, <c>unc</c>.</returns>
    public static IReadOnlyList<string> SplitsBy(string setFolder) =>
        [.. Directory.EnumerateFiles(setFolder, $"{RefsStart}*{RefsEnd}").Select(file => Path.GetFileName(file)[RefsStart.Length..^RefsEnd.Length]).Order(StringComparer.Ordinal)];

    /// <returns>Whether a ref of part <paramref name="part"/> belongs to a split.</returns>
    public static bool Belongs(string part, string split) => split switch
    {
        "testA" or "testB" => part.Contains(split[^1], StringComparison.Ordinal),
        "test" => part.Contains("test", StringComparison.Ordinal),
        _ => part == split,
    };
}
