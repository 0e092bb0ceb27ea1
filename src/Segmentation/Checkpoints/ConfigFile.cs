using System.Text.Json;
using Pipeline.Contracts.Files;
using Pipeline.Evaluation;

namespace Pipeline.Segmentation.Checkpoints;

/// <summary>A model's <c>config.json</c>: fields by name, with errors that name file and field.</summary>
/// <param name="Path">Named in errors.</param>
/// <param name="Root">The object that holds the fields.</param>
public sealed record ConfigFile(string Path, JsonElement Root) : IDisposable
{
    /// <summary>Bytes such a file may have; those of published models have a few thousand.</summary>
    public const int LargestFile = 16 << 20;

    /// <summary>The largest models have a tenth of it.</summary>
    private const int MostLayers = 1000;

    private JsonDocument? document;

    /// <exception cref="CheckpointException">The file is missing, far too long or no JSON object.</exception>
    public static ConfigFile Open(string path)
    {
        try
        {
            var json = PlainFile.Read(path, LargestFile);
            JsonTexts.Require(json);
            var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new ConfigFile(path, document.RootElement) { document = document }
                : throw new CheckpointException($"{path}: expected a JSON object");
        }
        catch (JsonException fault)
        {
            throw new CheckpointException($"{path}: not valid JSON: {fault.Message}", fault);
        }
        catch (InvalidDataException fault)
        {
            throw new CheckpointException(fault.Message, fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{path}: {fault.Message}", fault);
        }
    }

    /// <returns>The nested object, or null where there is none.</returns>
    /// <exception cref="CheckpointException">The field is there and no object.</exception>
    public ConfigFile? Section(string name)
    {
        if (!Has(name))
            return null;
        var section = Root.GetProperty(name);
        return section.ValueKind == JsonValueKind.Object ? this with { Root = section } : throw Fault(name, "an object");
    }

    /// <summary>True when the field is there and not null.</summary>
    public bool Has(string name) => Root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <exception cref="CheckpointException">The field is missing or no whole number above 0.</exception>
    public int Positive(string name) =>
        Has(name) && Whole(Root.GetProperty(name)) is { } number and > 0 ? number : throw Fault(name, "a whole number above 0");

    /// <summary>How many layers there are, which decides how many tensors are looked for before anything is read.</summary>
    /// <exception cref="CheckpointException">The field is missing or no whole number from 1 to 1000.</exception>
    public int Layers(string name) => Positive(name) is <= MostLayers and var layers ? layers : throw Fault(name, $"a whole number from 1 to {MostLayers}");

    public int Positive(string name, int otherwise) => Has(name) ? Positive(name) : otherwise;

    /// <exception cref="CheckpointException">The field is no whole number.</exception>
    public int Integer(string name, int otherwise) =>
        !Has(name) ? otherwise : Whole(Root.GetProperty(name)) ?? throw Fault(name, "a whole number");

    /// <exception cref="CheckpointException">The field is no number.</exception>
    public double Number(string name, double otherwise) =>
        !Has(name) ? otherwise : Root.GetProperty(name).ValueKind == JsonValueKind.Number ? Root.GetProperty(name).GetDouble() : throw Fault(name, "a number");

    /// <exception cref="CheckpointException">The field is neither true nor false.</exception>
    public bool Boolean(string name, bool otherwise) =>
        !Has(name) ? otherwise : Root.GetProperty(name).ValueKind is JsonValueKind.True or JsonValueKind.False ? Root.GetProperty(name).GetBoolean() : throw Fault(name, "true or false");

    /// <exception cref="CheckpointException">The field is no text.</exception>
    public string Text(string name, string otherwise) =>
        !Has(name) ? otherwise : Root.GetProperty(name).ValueKind == JsonValueKind.String ? Root.GetProperty(name).GetString()! : throw Fault(name, "a text");

    /// <exception cref="CheckpointException">The field is no list of whole numbers.</exception>
    public IReadOnlyList<int> Integers(string name, IReadOnlyList<int> otherwise)
    {
        if (!Has(name))
            return otherwise;
        var value = Root.GetProperty(name);
        return value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(item => Whole(item) ?? throw Fault(name, "a list of whole numbers"))]
            : throw Fault(name, "a list of whole numbers");
    }

    /// <summary>A field that holds one whole number or a list of them.</summary>
    /// <exception cref="CheckpointException">The field is missing or something else.</exception>
    public IReadOnlyList<int> OneOrMore(string name) =>
        Has(name) && Whole(Root.GetProperty(name)) is { } single ? [single]
        : Has(name) && Root.GetProperty(name).ValueKind == JsonValueKind.Array ? Integers(name, [])
        : throw Fault(name, "a whole number or a list of them");

    /// <exception cref="CheckpointException">The field is missing or no list of numbers.</exception>
    public IReadOnlyList<double> Numbers(string name) =>
        Has(name) && Root.GetProperty(name) is { ValueKind: JsonValueKind.Array } value
            ? [.. value.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Number ? item.GetDouble() : throw Fault(name, "a list of numbers"))]
            : throw Fault(name, "a list of numbers");

    public void Dispose() => document?.Dispose();

    private static int? Whole(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    private CheckpointException Fault(string name, string expected) =>
        new($"{Path}: field '{name}' {(Has(name) ? $"is {Root.GetProperty(name).GetRawText()}" : "is missing")}; expected {expected}");
}
