using System.Text;
using System.Text.Json;
using Pipeline.Contracts.Text;
using YamlDotNet.Core;

namespace Pipeline.Contracts.Jobs.Reading;

/// <summary>Turns the bytes of a job file into one tree, whatever their syntax.</summary>
internal static class Document
{
    /// <summary>Lists and mappings inside each other; a job needs five.</summary>
    public const int Deepest = 16;

    /// <summary>Keys of one mapping; the largest section of a job has a dozen.</summary>
    private const int MostKeys = 256;

    /// <summary>Items of one list, so that a small file cannot make much work.</summary>
    private const int MostItems = 10_000;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <returns>The document's mapping; null, with a fault, where there is none.</returns>
    public static MappingNode? Parse(ReadOnlyMemory<byte> content, string name, List<JobFault> faults)
    {
        try
        {
            if (content.Length > JobFile.LargestFile)
                throw new DocumentFault(1, $"has {content.Length} bytes; a job file has at most {JobFile.LargestFile}");
            var text = StrictUtf8.GetString(content.Span).TrimStart('\uFEFF');
            var root = Path.GetExtension(name).ToUpperInvariant() switch
            {
                ".YAML" or ".YML" => new YamlTree(text, faults).Read(),
                ".JSON" => new JsonTree(text, faults).Read(),
                var other => throw new DocumentFault(1, $"has the extension '{other}'; a job file ends in .yaml, .yml or .json"),
            };
            return root as MappingNode
                ?? throw new DocumentFault(root.Line, $"expected a mapping with name, dataset, model and variants, found {root.Description}");
        }
        catch (DocumentFault fault)
        {
            Refuse(fault.Line, fault.Message);
        }
        catch (YamlException fault)
        {
            Refuse((int)fault.Start.Line, $"line {fault.Start.Line}: not YAML: {fault.Message}");
        }
        catch (JsonException fault)
        {
            var line = (int)(fault.LineNumber ?? 0) + 1;
            Refuse(line, $"line {line}: not JSON: {JsonFault.Describe(fault)}");
        }
        catch (DecoderFallbackException)
        {
            Refuse(1, "is not UTF-8 text");
        }

        return null;

        void Refuse(int line, string message) => faults.Add(new JobFault("", message) { Line = line });
    }

    /// <summary>Adds an entry to a mapping unless its key is there already.</summary>
    /// <exception cref="DocumentFault">The mapping has too many.</exception>
    public static void Add(List<MappingEntry> entries, MappingEntry entry, string path, List<JobFault> faults)
    {
        if (entries.Count == MostKeys)
            throw new DocumentFault(entry.Line, $"line {entry.Line}: a mapping with more than {MostKeys} keys; a job needs a dozen");
        if (entries.Find(known => known.Key == entry.Key) is { } first)
            faults.Add(new JobFault(Join(path, entry.Key), $"is given twice, on lines {first.Line} and {entry.Line}; keep one") { Line = entry.Line });
        else
            entries.Add(entry);
    }

    /// <summary>Adds an item to a list.</summary>
    /// <exception cref="DocumentFault">The list has too many.</exception>
    public static void Add(List<DocumentNode> items, DocumentNode item)
    {
        if (items.Count == MostItems)
            throw new DocumentFault(item.Line, $"line {item.Line}: a list of more than {MostItems} items; a job has at most a thousand variants");
        items.Add(item);
    }

    public static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
