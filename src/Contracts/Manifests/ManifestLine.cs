using System.Text.Json;
using System.Text.RegularExpressions;
using Pipeline.Contracts.Files;
using Pipeline.Contracts.Text;
using Pipeline.Evaluation;
using Pipeline.Evaluation.Statistics;

namespace Pipeline.Contracts.Manifests;

/// <summary>Reads the lines of one manifest strictly: every fault names file, line and field and says what would be right.</summary>
/// <param name="file">Name of the manifest, for messages.</param>
/// <param name="folder">Absolute folder that relative paths start from.</param>
/// <param name="roots">Where images and masks may lie.</param>
/// <param name="urls">Whether images may lie at addresses, too.</param>
internal sealed partial class ManifestLine(string file, string folder, DataRoots roots, ImageUrls urls)
{
    private const int LargestSide = 65_536;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    private readonly HashSet<string> kinds = new(StringComparer.Ordinal);

    /// <exception cref="InvalidDataException">The line is not as documented.</exception>
    public Sample Parse(long number, ReadOnlyMemory<byte> line)
    {
        try
        {
            JsonTexts.Require(line.Span);
            using var document = JsonDocument.Parse(line, Strict);
            return ParseSample(document.RootElement);
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{file}:{number}: not a JSON object on one line: {JsonFault.Describe(fault)}", fault);
        }
        catch (FieldFault fault)
        {
            throw new InvalidDataException($"{file}:{number}{(fault.Field.Length > 0 ? " " : "")}{fault.Field}: {fault.Message}", fault);
        }
    }

    private Sample ParseSample(JsonElement element)
    {
        CheckKeys(element, "", KnownKeys(element));
        var id = Text(element, "", "id", Sample.LongestId);
        var (image, hash) = ParseImage(element);
        if (!element.TryGetProperty("expressions", out var list))
            throw new FieldFault("expressions", "is missing; expected a list of {\"text\", \"sentence\", \"mask\", \"kind\"}");
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
            throw new FieldFault("expressions", $"expected a list of at least one expression, found {Kind(list)}");
        if (list.GetArrayLength() > ManifestFile.MostExpressions)
            throw new FieldFault("expressions", $"holds {list.GetArrayLength()}; a sample has at most {ManifestFile.MostExpressions}, give the image to several samples");
        var expressions = list.EnumerateArray().Select((expression, i) => ParseExpression(expression, $"expressions[{i}]")).ToArray();
        return new Sample(id, image, hash, expressions);
    }

    /// <summary>Where images are files only, a hash is not among what is offered.</summary>
    private string[] KnownKeys(JsonElement element)
    {
        var hashed = urls == ImageUrls.Allow
            || (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("image", out var image) && image.ValueKind == JsonValueKind.String && ImageUrl.Is(image.GetString()!));
        return hashed ? ["id", "image", "sha256", "expressions"] : ["id", "image", "expressions"];
    }

    private (ImageSource Image, string? Hash) ParseImage(JsonElement element)
    {
        var image = Text(element, "", "image", Expression.LongestText);
        if (urls == ImageUrls.Allow && ImageUrl.Is(image))
        {
            var refusal = ImageUrl.Refuse(image);
            if (refusal is not null)
                throw new FieldFault("image", $"'{ImageUrl.Plain(image)}' {refusal}");
            return (new ImageSource { Url = image }, element.TryGetProperty("sha256", out _) ? ParseHash(Text(element, "", "sha256", Expression.LongestText)) : null);
        }

        if (ImageUrl.Is(image))
            throw new FieldFault("image", $"'{ImageUrl.Plain(image)}' is an address; use a file, or let the job fetch images with dataset: {{ urls: allow }}");
        return element.TryGetProperty("sha256", out _)
            ? throw new FieldFault("sha256", "belongs to an image at an address; a file is hashed when the job is planned")
            : (new ImageSource { Path = Locate(image, "image") }, null);
    }

    private static string ParseHash(string hash) =>
        Sha256().IsMatch(hash) ? hash.ToLowerInvariant() : throw new FieldFault("sha256", "expected the SHA-256 of the image's bytes: 64 hexadecimal digits");

    private Expression ParseExpression(JsonElement element, string path)
    {
        CheckKeys(element, path, "text", "sentence", "mask", "kind");
        var text = Text(element, path, "text", Expression.LongestText);
        var sentence = element.TryGetProperty("sentence", out var flag) && flag.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw new FieldFault($"{path}.sentence", $"expected true or false, found {Kind(flag)}"),
        };
        var mask = element.TryGetProperty("mask", out var source) ? ParseMask(source, $"{path}.mask") : null;
        var kind = element.TryGetProperty("kind", out _) ? ParseKind(element, path) : null;
        return new Expression(text, sentence, mask, kind);
    }

    private string ParseKind(JsonElement element, string path)
    {
        var kind = Text(element, path, "kind", KindTally.LongestKind);
        return kinds.Add(kind) && kinds.Count > KindTally.MostKinds
            ? throw new FieldFault($"{path}.kind", $"'{kind}' is one kind too many; a manifest has at most {KindTally.MostKinds}")
            : kind;
    }

    private MaskSource? ParseMask(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => new MaskSource { Path = Locate(element.GetString()!, path) },
        JsonValueKind.Object => new MaskSource { Rle = ParseRle(element, path) },
        _ => throw new FieldFault(path, $"expected COCO RLE ({{\"size\", \"counts\"}}) or the path of a PNG, found {Kind(element)}"),
    };

    private static Rle ParseRle(JsonElement element, string path)
    {
        CheckKeys(element, path, "size", "counts");
        if (!element.TryGetProperty("size", out var size) || size.ValueKind != JsonValueKind.Array || size.GetArrayLength() != 2)
            throw new FieldFault($"{path}.size", "expected [height, width]");
        var (height, width) = (Side(size[0], $"{path}.size[0]"), Side(size[1], $"{path}.size[1]"));
        return element.TryGetProperty("counts", out var counts) && counts.ValueKind == JsonValueKind.Array
            ? ParseRuns(counts, height, width, $"{path}.counts")
            : new Rle(height, width, Text(element, path, "counts", ManifestFile.LongestLine));
    }

    private static Rle ParseRuns(JsonElement counts, int height, int width, string path)
    {
        var runs = counts.EnumerateArray()
            .Select((run, i) => run.ValueKind == JsonValueKind.Number && run.TryGetInt32(out var length) && length >= 0
                ? length
                : throw new FieldFault($"{path}[{i}]", $"expected a number of pixels, found {Kind(run)}"))
            .ToArray();
        try
        {
            return Rle.FromRuns(height, width, runs);
        }
        catch (InvalidDataException fault)
        {
            throw new FieldFault(path, fault.Message);
        }
    }

    private static int Side(JsonElement element, string path) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var side) && side is >= 1 and <= LargestSide
            ? side
            : throw new FieldFault(path, $"expected a number of pixels from 1 to {LargestSide}, found {Kind(element)}");

    private static string Text(JsonElement element, string path, string key, int longest)
    {
        var field = path.Length > 0 ? $"{path}.{key}" : key;
        if (!element.TryGetProperty(key, out var value))
            throw new FieldFault(field, "is missing; expected text");
        if (value.ValueKind != JsonValueKind.String)
            throw new FieldFault(field, $"expected text, found {Kind(value)}");
        var text = value.GetString()!;
        if (string.IsNullOrWhiteSpace(text))
            throw new FieldFault(field, "is empty; expected text");
        return text.Length <= longest ? text : throw new FieldFault(field, $"has {text.Length} characters; use at most {longest}");
    }

    private string Locate(string path, string field)
    {
        if (path.Contains('\0', StringComparison.Ordinal) || path.Length == 0)
            throw new FieldFault(field, "is no path");
        if (DataRoots.IsAddress(path))
            throw new FieldFault(field, $"'{path}' {DataRoots.AddressRefused}");
        var absolute = Path.GetFullPath(path, folder);
        return roots.Refuse(absolute) is { } refusal ? throw new FieldFault(field, $"'{path}' {refusal}") : absolute;
    }

    private static void CheckKeys(JsonElement element, string path, params string[] known)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new FieldFault(path, $"expected an object with {Suggestion.OneOf(known)}, found {Kind(element)}");
        foreach (var property in element.EnumerateObject())
        {
            if (!known.Contains(property.Name, StringComparer.Ordinal))
                throw new FieldFault(path, $"'{property.Name}' is not known here{Suggestion.For(property.Name, known)}");
        }
    }

    [GeneratedRegex(@"^[0-9A-Fa-f]{64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Sha256();

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => element.GetArrayLength() == 0 ? "an empty list" : "a list",
        JsonValueKind.String => "text",
        JsonValueKind.Number => $"the number {element.GetRawText()}",
        _ => element.GetRawText(),
    };

    private sealed class FieldFault(string path, string message) : Exception(message)
    {
        public string Field => path;
    }
}
