using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Pipeline.Contracts.Jobs.Reading;
using Pipeline.Contracts.Models;

namespace Pipeline.Contracts.Jobs;

/// <summary>One pruning configuration of the sweep.</summary>
/// <param name="Name">Stable and unique in a job: <c>none</c>, <c>fastv:layer=2,keep=0.5</c>; settings in the order of the job file.</param>
/// <param name="Method">Name of the pruning method.</param>
/// <param name="Settings">The method's parameters as given, without defaults, under their job-file names.</param>
/// <param name="Hash">SHA-256 (lower-case hex) of the canonical JSON of method and settings, keys sorted.</param>
public sealed record VariantSpec(string Name, string Method, IReadOnlyDictionary<string, JsonNode> Settings, string Hash)
{
    /// <summary>The method's paper leaves settings open that are ours here; see <see cref="PruningMethodSchema.IsReimplementation"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsReimplementation { get; init; }

    /// <summary>No pruning.</summary>
    public static VariantSpec None { get; } = Create("none");

    /// <summary>Names and hashes a variant.</summary>
    /// <param name="settings">In the order in which the name lists them.</param>
    public static VariantSpec Create(string method, params IReadOnlyList<KeyValuePair<string, JsonNode>> settings)
    {
        var name = settings.Count == 0
            ? method
            : $"{method}:{string.Join(',', settings.Select(setting => $"{setting.Key}={InName(setting.Value)}"))}";
        return new VariantSpec(name, method, settings.ToDictionary(setting => setting.Key, setting => AsRead(setting.Value)), HashOf(method, settings));
    }

    /// <summary>Reads the short form of one variant, <c>fastv:layer=2,keep=0.5</c>, where there is no job file: on a command line.</summary>
    /// <param name="notation">As a job file would have it; a list is written <c>[8,16]</c> or <c>8/16</c>.</param>
    /// <param name="catalog">Knows the pruning methods.</param>
    /// <param name="model">Whose layers and visual tokens bound the settings; null where that is not known.</param>
    /// <exception cref="InvalidDataException">It is wrong, or stands for several variants; the message says all that is wrong with it.</exception>
    public static VariantSpec Parse(string notation, IModelCatalog catalog, ModelShape? model = null)
    {
        var faults = new List<JobFault>();
        var variants = new VariantReader(catalog, model, faults).Read(notation);
        if (faults.Count > 0)
            throw new InvalidDataException($"{notation}: {string.Join("; ", faults.Select(fault => fault.Path.Length > 0 ? $"{fault.Path} {fault.Message}" : fault.Message))}");
        return variants is [var variant]
            ? variant
            : throw new InvalidDataException($"{notation}: stands for {variants.Count} variants; give one of {string.Join(" ", variants.Select(variant => variant.Name))}");
    }

    /// <returns>SHA-256 (lower-case hex) of <c>{"method":...,"settings":{...}}</c>, keys sorted by their code points, no white space.</returns>
    internal static string HashOf(string method, IEnumerable<KeyValuePair<string, JsonNode>> settings)
    {
        var sorted = settings
            .OrderBy(setting => setting.Key, StringComparer.Ordinal)
            .Select(setting => KeyValuePair.Create<string, JsonNode?>(setting.Key, setting.Value.DeepClone()));
        var canonical = new JsonObject { ["method"] = method, ["settings"] = new JsonObject(sorted) };
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical.ToJsonString(ContractsJson.Options))));
    }

    /// <summary>The node as JSON text would give it, so that its number can be asked for as any type, before a round trip and after.</summary>
    private static JsonNode AsRead(JsonNode value) => JsonNode.Parse(value.ToJsonString(ContractsJson.Options))!;

    private static string InName(JsonNode value) => value switch
    {
        JsonArray list => $"[{string.Join(',', list.Select(item => InName(item!)))}]",
        JsonValue text when text.TryGetValue(out string? word) => word,
        _ => value.ToJsonString(ContractsJson.Options),
    };
}
