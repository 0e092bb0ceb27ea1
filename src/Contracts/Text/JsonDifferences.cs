using System.Globalization;
using System.Text.Json.Nodes;

namespace Pipeline.Contracts.Text;

/// <summary>Says in what two JSON documents differ, member by member.</summary>
public static class JsonDifferences
{
    private const int LongestValue = 120;

    /// <returns>Lines such as <c>variants[1].settings.keep: 0.5, now 0.25</c>, in the order of the documents; none when they are equal.</returns>
    public static IEnumerable<string> Of(JsonNode? before, JsonNode? now) => Of("", before, now);

    private static IEnumerable<string> Of(string path, JsonNode? before, JsonNode? now) => (before, now) switch
    {
        (JsonObject a, JsonObject b) => a.Select(member => member.Key).Union(b.Select(member => member.Key))
            .SelectMany(name => Of(path.Length == 0 ? name : $"{path}.{name}", a[name], b[name])),
        (JsonArray a, JsonArray b) => Enumerable.Range(0, Math.Max(a.Count, b.Count))
            .SelectMany(i => Of(string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), i < a.Count ? a[i] : null, i < b.Count ? b[i] : null)),
        _ when JsonNode.DeepEquals(before, now) => [],
        _ => [$"{path}: {Show(before)}, now {Show(now)}"],
    };

    private static string Show(JsonNode? value)
    {
        var text = value?.ToJsonString(ContractsJson.Options) ?? "nothing";
        return text.Length > LongestValue ? $"{text[..LongestValue]}..." : text;
    }
}
