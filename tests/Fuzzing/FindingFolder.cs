using System.Text.Json;

namespace Pipeline.Fuzzing;

/// <summary>Findings on disk: <c>TARGET-NUMBER.input</c>, made small, and <c>TARGET-NUMBER.json</c> with what it does.</summary>
internal sealed class FindingFolder(string path)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public string Path => path;

    public void Save(Finding finding, byte[] input)
    {
        Directory.CreateDirectory(path);
        File.WriteAllBytes(InputOf(finding), input);
        File.WriteAllBytes(System.IO.Path.ChangeExtension(InputOf(finding), ".json"), JsonSerializer.SerializeToUtf8Bytes(finding, Indented));
    }

    /// <returns>One of each signature, by number.</returns>
    public IReadOnlyList<Finding> Read() => !Directory.Exists(path) ? [] :
    [
        .. Directory.GetFiles(path, "*.json")
            .Select(file => JsonSerializer.Deserialize<Finding>(File.ReadAllBytes(file))!)
            .OrderBy(finding => finding.Number)
            .DistinctBy(finding => finding.Signature),
    ];

    public string InputOf(Finding finding) => System.IO.Path.Combine(path, $"{finding.Target}-{finding.Number}.input");
}
