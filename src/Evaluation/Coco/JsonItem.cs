using System.Globalization;
using System.Text.Json;

namespace Pipeline.Evaluation.Coco;

/// <summary>One value of a list of a JSON file, read strictly: every fault names file, place and what would be right.</summary>
/// <param name="file">Name of the file, for messages.</param>
/// <param name="place">Such as <c>annotations[3]</c>.</param>
internal sealed class JsonItem(string file, string place, JsonElement value)
{
    public string Place => place;

    public JsonElement Value => value;

    public bool Has(string key) => value.TryGetProperty(key, out var found) && found.ValueKind != JsonValueKind.Null;

    /// <exception cref="InvalidDataException">It is something else than an object.</exception>
    public JsonItem RequireObject() => value.ValueKind == JsonValueKind.Object ? this : throw Fault($"expected an object, found {Kind(value)}");

    public JsonItem Get(string key, string right) =>
        value.TryGetProperty(key, out var found) ? new JsonItem(file, $"{place}.{key}", found) : throw Fault($"has no {key}; expected {right}");

    public long Id(string key) => Get(key, "a whole number").Integer();

    public string Text(string key, string right) => Get(key, right) is { Value.ValueKind: JsonValueKind.String } text && text.Value.GetString() is { Length: > 0 } found
        ? found
        : throw Get(key, right).Fault($"expected {right}, found {Kind(value.GetProperty(key))}");

    public double Number(string key) => Get(key, "a number").Real();

    public int Side(string key) => Id(key) is > 0 and <= ushort.MaxValue + 1 and var side
        ? (int)side
        : throw Get(key, "").Fault($"expected a number of pixels from 1 to {ushort.MaxValue + 1}, found {Id(key)}");

    /// <summary>0, 1, true or false.</summary>
    public bool Flag(string key) => Get(key, "0 or 1") switch
    {
        { Value.ValueKind: JsonValueKind.True } => true,
        { Value.ValueKind: JsonValueKind.False } => false,
        { Value.ValueKind: JsonValueKind.Number } number => number.Real() != 0,
        var other => throw other.Fault($"expected 0 or 1, found {Kind(other.Value)}"),
    };

    public double[] Numbers(string key, string right) => Get(key, right).Numbers(right);

    public double[] Numbers(string right) => value.ValueKind == JsonValueKind.Array
        ? [.. value.EnumerateArray().Select((number, i) => new JsonItem(file, $"{place}[{i}]", number).Real())]
        : throw Fault($"expected {right}, found {Kind(value)}");

    public IEnumerable<JsonItem> Items() => value.EnumerateArray().Select((item, i) => new JsonItem(file, $"{place}[{i}]", item));

    public InvalidDataException Fault(string message) => new($"{file} {place}: {message}");

    internal static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => element.GetArrayLength() == 0 ? "an empty list" : "a list",
        JsonValueKind.String => element.GetString()!.Length == 0 ? "empty text" : "text",
        JsonValueKind.Number => $"the number {element.GetRawText()}",
        var kind => kind.ToString().ToLower(CultureInfo.InvariantCulture),
    };

    private long Integer() => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
        ? number
        : throw Fault($"expected a whole number, found {Kind(value)}");

    private double Real() => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)
        ? number
        : throw Fault($"expected a number, found {Kind(value)}");
}
