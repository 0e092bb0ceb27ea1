using System.Text.Json;
using Pipeline.Contracts.Manifests;

namespace Pipeline.Contracts.Datasets;

/// <summary>A value of an annotation in JSON, read strictly: every fault names file and field and says what would be right.</summary>
/// <param name="file">Its path.</param>
/// <param name="place">Such as <c>shapes[3].label</c>; empty for the document.</param>
internal sealed class AnnotationField(string file, string place, JsonElement value)
{
    /// <param name="right">What it should be, for the message when it is missing.</param>
    public AnnotationField Get(string key, string right)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw Fault($"expected an object with {key}, found {Kind}");
        return value.TryGetProperty(key, out var found)
            ? new AnnotationField(file, place.Length > 0 ? $"{place}.{key}" : key, found)
            : throw Fault($"has no {key}; expected {right}");
    }

    public IEnumerable<AnnotationField> Items(string right) => value.ValueKind == JsonValueKind.Array
        ? value.EnumerateArray().Select((item, i) => new AnnotationField(file, $"{place}[{i}]", item))
        : throw Fault($"expected {right}, found {Kind}");

    /// <returns>Without white space at its ends.</returns>
    public string Text()
    {
        if (value.ValueKind != JsonValueKind.String)
            throw Fault($"expected text, found {Kind}");
        var text = value.GetString()!.Trim();
        return text.Length switch
        {
            0 => throw Fault("is empty; expected text"),
            > Expression.LongestText => throw Fault($"has {text.Length} characters; use at most {Expression.LongestText}"),
            _ => text,
        };
    }

    public bool Flag() => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Fault($"expected true or false, found {Kind}"),
    };

    /// <param name="largest">Of its size, whatever its sign.</param>
    public double Number(double largest) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && Math.Abs(number) <= largest
            ? number
            : throw Fault($"expected a number of at most {largest}, found {Kind}");

    public InvalidDataException Fault(string message) => new($"{file}{(place.Length > 0 ? " " : "")}{place}: {message}");

    private string Kind => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "text",
        JsonValueKind.Number => $"the number {value.GetRawText()}",
        _ => value.GetRawText(),
    };
}
