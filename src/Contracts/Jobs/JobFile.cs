using System.Text;
using System.Text.Json;
using Pipeline.Contracts.Files;
using Pipeline.Contracts.Jobs.Reading;
using Pipeline.Contracts.Models;
using YamlDotNet.Core;

namespace Pipeline.Contracts.Jobs;

/// <summary>Reads job files, YAML or JSON, and finds all their faults at once. The format is described in <c>docs/jobs.md</c>.</summary>
public static class JobFile
{
    /// <summary>Bytes a job file may have.</summary>
    public const int LargestFile = 1024 * 1024;

    private const string Expected = "a job file (.yaml or .json)";

    /// <param name="path">File with the extension <c>.yaml</c>, <c>.yml</c> or <c>.json</c>. Relative paths inside it start from the current directory if they exist there, otherwise from the file's folder.</param>
    /// <param name="catalog">Knows the pruning methods and describes the checkpoint.</param>
    public static JobReading Read(string path, IModelCatalog catalog) =>
        Load(path, out var refusal) is { } content ? Parse(content, path, FolderOf(path), catalog) : Refused(path, refusal);

    /// <summary>Reads a job file as it stands.</summary>
    /// <exception cref="FileNotFoundException">There is nothing of that name.</exception>
    /// <exception cref="InvalidDataException">It is too large, or a folder, device or pipe.</exception>
    public static byte[] ReadContent(string path) => PlainFile.Read(path, LargestFile, Expected);

    /// <summary>Reads the dataset of a job file; whatever else it says is not looked at.</summary>
    /// <param name="path">As for <see cref="Read"/>.</param>
    /// <param name="faults">Gets what is wrong, in the order of the document.</param>
    /// <returns>The dataset, of use only if there are no faults.</returns>
    public static DatasetSpec? ReadDataset(string path, out IReadOnlyList<JobFault> faults)
    {
        if (Load(path, out var refusal) is { } content)
            return ParseDataset(content, path, FolderOf(path), out faults);
        faults = [new JobFault("", refusal)];
        return null;
    }

    /// <summary>Reads the dataset of a document that need hold nothing else: <c>{ dataset: { format: manifest, path: set.jsonl } }</c>.</summary>
    /// <param name="content">UTF-8.</param>
    /// <param name="name">File name for messages; its extension says whether it is YAML or JSON.</param>
    /// <param name="folder">Where relative paths start from if they do not exist in the current directory.</param>
    /// <param name="faults">Gets what is wrong, in the order of the document.</param>
    /// <returns>The dataset, of use only if there are no faults.</returns>
    public static DatasetSpec? ParseDataset(ReadOnlyMemory<byte> content, string name, string folder, out IReadOnlyList<JobFault> faults)
    {
        var found = new List<JobFault>();
        faults = found;
        return Document.Parse(content, name, found) is { } root ? JobReader.ReadDataset(root, new PathLocator(folder), found) : null;
    }

    /// <summary>Reads a job that is already in memory.</summary>
    /// <param name="content">UTF-8.</param>
    /// <param name="name">File name for messages; its extension says whether it is YAML or JSON.</param>
    /// <param name="folder">Where relative paths start from if they do not exist in the current directory.</param>
    /// <param name="catalog">Knows the pruning methods and describes the checkpoint.</param>
    public static JobReading Parse(ReadOnlyMemory<byte> content, string name, string folder, IModelCatalog catalog) =>
        Parse(content, name, new PathLocator(folder), catalog);

    /// <summary>Reads a job that somebody else wrote: what it names must lie inside the roots, and nothing is said of what lies outside.</summary>
    /// <param name="content">UTF-8.</param>
    /// <param name="name">File name for messages; its extension says whether it is YAML or JSON.</param>
    /// <param name="roots">Where relative paths start from, too.</param>
    /// <param name="catalog">Knows the pruning methods and describes the checkpoint.</param>
    public static JobReading Parse(ReadOnlyMemory<byte> content, string name, DataRoots roots, IModelCatalog catalog) =>
        Parse(content, name, new PathLocator(roots), catalog);

    /// <summary>Reads a document of variants only, in the notation of a job file: <c>{ variants: [fastv:keep=0.5] }</c>.</summary>
    /// <param name="content">UTF-8.</param>
    /// <param name="name">File name for messages; its extension says whether it is YAML or JSON.</param>
    /// <param name="model">The model they are for.</param>
    /// <param name="faults">Gets what is wrong, in the order of the document.</param>
    /// <returns>The variants, of use only if there are no faults.</returns>
    public static IReadOnlyList<VariantSpec> ParseVariants(
        ReadOnlyMemory<byte> content, string name, IModelCatalog catalog, ModelShape model, out IReadOnlyList<JobFault> faults)
    {
        var found = new List<JobFault>();
        faults = found;
        return Document.Parse(content, name, found) is { } root ? JobReader.ReadVariants(root, catalog, model, found) : [];
    }

    /// <summary>Makes the paths that a job names absolute, where they lead to something on this machine, so that the job may be read elsewhere. Nothing else is changed, no line moves.</summary>
    /// <param name="content">UTF-8.</param>
    /// <param name="name">File name; its extension says whether it is YAML or JSON.</param>
    /// <param name="folder">Where relative paths start from if they do not exist in the current directory.</param>
    /// <returns>The job; as it was where it cannot be read, since whoever reads it next says why.</returns>
    public static ReadOnlyMemory<byte> WithAbsolutePaths(ReadOnlyMemory<byte> content, string name, string folder)
    {
        try
        {
            var places = Path.GetExtension(name).Equals(".json", StringComparison.OrdinalIgnoreCase)
                ? NamedPaths.InJson(content.Span)
                : NamedPaths.InYaml(Encoding.UTF8.GetString(content.Span));
            return Replace(content, places, new PathLocator(folder));
        }
        catch (Exception fault) when (fault is JsonException or YamlException or InvalidOperationException or ArgumentException or EndOfStreamException)
        {
            return content;
        }
    }

    private static ReadOnlyMemory<byte> Replace(ReadOnlyMemory<byte> content, IReadOnlyList<NamedPaths.Place> places, PathLocator paths)
    {
        using var changed = new MemoryStream();
        var copied = 0;
        foreach (var place in places)
        {
            if (paths.Refuse(place.Path) is not null || paths.Find(place.Path) is not { } found)
                continue;
            changed.Write(content.Span[copied..place.Start]);
            changed.Write(JsonSerializer.SerializeToUtf8Bytes(found));
            copied = place.End;
        }

        changed.Write(content.Span[copied..]);
        return changed.ToArray();
    }

    private static JobReading Parse(ReadOnlyMemory<byte> content, string name, PathLocator paths, IModelCatalog catalog)
    {
        var faults = new List<JobFault>();
        var root = Document.Parse(content, name, faults);
        if (root is null)
            return new JobReading { File = name, Faults = faults };
        var reader = new JobReader(paths, catalog, faults);
        var spec = reader.Read(root);
        return new JobReading
        {
            File = name,
            Spec = faults.Count == 0 ? spec : null,
            Model = reader.Model,
            Faults = [.. faults.OrderBy(fault => fault.Line)],
        };
    }

    /// <returns>The bytes of a job file; null where it is none.</returns>
    private static byte[]? Load(string path, out string refusal)
    {
        try
        {
            refusal = PlainFile.Refusal(path, LargestFile, Expected) ?? "";
            return refusal.Length == 0 ? ReadContent(path) : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            refusal = $"cannot be read: {fault.Message}";
            return null;
        }
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;

    private static JobReading Refused(string path, string message) => new() { File = path, Faults = [new JobFault("", message)] };
}
