using Pipeline.Contracts.Files;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Pickle;
using Pipeline.Contracts.Text;

namespace Pipeline.Contracts.Datasets.Refer;

/// <summary>Reads <c>refs(...).p</c>: a pickle of plain values. Nothing in it is run, and whatever is no plain value is refused.</summary>
internal static class RefsFile
{
    /// <summary>Bytes it may have; those of the published sets have less than 100 MB.</summary>
    private const int LargestFile = 1 << 30;

    /// <param name="split">One of <see cref="ReferFolder.Splits"/>.</param>
    /// <returns>The refs of the split, in the order of the file; at least one.</returns>
    /// <exception cref="InvalidDataException">The file is damaged or has none of this split; the message names the place.</exception>
    public static IReadOnlyList<Ref> Read(string path, string split)
    {
        var file = Path.GetFileName(path);
        var refs = new List<Ref>();
        var parts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (index, value) in Load(path).Index())
        {
            var entry = new PickleField(file, $"refs[{index}]", value);
            var part = entry.Get("split").Text();
            parts[part] = parts.GetValueOrDefault(part) + 1;
            if (ReferFolder.Belongs(part, split))
                refs.Add(Read(entry));
        }

        return refs.Count > 0 ? refs : throw new InvalidDataException($"{path} has no ref of split {split}{Others(parts, split)}");
    }

    private static List<object?> Load(string path)
    {
        try
        {
            return PickleReader.Read(PlainFile.Read(path, LargestFile), []) as List<object?>
                ?? throw new InvalidDataException($"{path} is no list; expected refer's list of refs");
        }
        catch (PickleException fault)
        {
            throw new InvalidDataException($"{path}: {fault.Message}", fault);
        }
    }

    private static Ref Read(PickleField entry)
    {
        var sentences = entry.Get("sentences").Items().Select(sentence => Said(sentence.Get("sent"))).ToArray();
        return sentences.Length > 0
            ? new Ref(entry.Place, entry.Get("image_id").Integer(), entry.Get("ann_id").Integer(), sentences)
            : throw entry.Get("sentences").Fault("is an empty list; expected at least one sentence");
    }

    private static string Said(PickleField sentence)
    {
        var text = sentence.Text().Trim().ToLowerInvariant();
        return text.Length <= Expression.LongestText ? text : throw sentence.Fault($"has {text.Length} characters; use at most {Expression.LongestText}");
    }

    private static string Others(SortedDictionary<string, int> parts, string split) => parts.Count switch
    {
        0 => "; it is an empty list",
        > 20 => $"; it has {parts.Count} other parts",
        _ => $"; it has {string.Join(", ", parts.Select(part => $"{part.Value} of {PlainLine.Of(part.Key)}"))}{Suggestion.For(split, parts.Keys)}",
    };
}
