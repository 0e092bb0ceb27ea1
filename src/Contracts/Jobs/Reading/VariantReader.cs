using System.Text.Json.Nodes;
using Pipeline.Contracts.Models;
using Pipeline.Contracts.Text;

namespace Pipeline.Contracts.Jobs.Reading;

/// <summary>Expands the variants of a job file: every list becomes a grid, cartesian, the first key slowest.</summary>
/// <param name="catalog">Knows the methods that a variant may name.</param>
/// <param name="model">The model it is for; null where that is not known.</param>
/// <param name="faults">Where faults go.</param>
internal sealed class VariantReader(IModelCatalog catalog, ModelShape? model, List<JobFault> faults)
{
    private const int MostVariants = 1000;
    private const string Example = "expected a variant such as none, fastv:layer=2,keep=0.5 or { method: fastv, layer: 2, keep: 0.5 }";

    private readonly List<VariantSpec> variants = [];

    /// <summary>Hash with defaults filled in, of every variant so far, and where it stands.</summary>
    private readonly Dictionary<string, (string Path, string Name)> seen = [];

    private bool full;

    public IReadOnlyList<VariantSpec> Read(DocumentNode node, string path, string right)
    {
        if (node is not ListNode { Items.Count: > 0 } list)
        {
            Fault(path, node, $"expected a list of at least one variant, found {node.Description}; {right}");
            return [];
        }

        for (var i = 0; i < list.Items.Count && !full; i++)
            ReadItem(list.Items[i], $"{path}[{i}]");
        return variants;
    }

    /// <summary>Reads one variant in the short form.</summary>
    public IReadOnlyList<VariantSpec> Read(string notation)
    {
        ReadNotation(new ScalarNode(1, notation, Quoted: true), "");
        return variants;
    }

    private void ReadItem(DocumentNode node, string path)
    {
        switch (node)
        {
            case MappingNode mapping:
                ReadMapping(mapping, path, $"{path}.method");
                break;
            case ScalarNode { AsText: not null } notation:
                ReadNotation(notation, path);
                break;
            default:
                Fault(path, node, $"{Example}, found {node.Description}");
                break;
        }
    }

    private void ReadNotation(ScalarNode notation, string path)
    {
        try
        {
            ReadMapping(VariantNotation.Parse(notation), path, path);
        }
        catch (FormatException fault)
        {
            Fault(path, notation, $"{fault.Message}; {Example}");
        }
    }

    private void ReadMapping(MappingNode mapping, string path, string methodPath)
    {
        switch (mapping.Entries.FirstOrDefault(entry => entry.Key == "method")?.Value)
        {
            case null:
                Fault(methodPath, mapping, $"is missing; use {Suggestion.OneOf(Names)}");
                break;
            case ListNode { Items.Count: > 0 } list:
                for (var i = 0; i < list.Items.Count && !full; i++)
                    ReadMethod(list.Items[i], mapping, path, $"{methodPath}[{i}]");
                break;
            case var method:
                ReadMethod(method, mapping, path, methodPath);
                break;
        }
    }

    private void ReadMethod(DocumentNode method, MappingNode mapping, string path, string methodPath)
    {
        if (method is not ScalarNode { AsText: { } name })
            Fault(methodPath, method, $"expected {Suggestion.OneOf(Names)}, found {method.Description}");
        else if (catalog.Methods.FirstOrDefault(schema => schema.Name == name) is not { } schema)
            Fault(methodPath, method, $"'{name}' is not a method{Suggestion.For(name, Names)}");
        else
            Expand(schema, mapping, path);
    }

    private void Expand(PruningMethodSchema schema, MappingNode mapping, string path)
    {
        var faultsBefore = faults.Count;
        var given = mapping.Entries.Where(entry => entry.Key != "method").ToArray();
        var unknown = given.Where(entry => !schema.Parameters.Any(parameter => parameter.Name == entry.Key)).ToArray();
        foreach (var entry in unknown)
            FaultUnknown(schema, entry, path);
        var axes = given.Except(unknown).Select(entry => (entry.Key, Values: ReadValues(schema, entry, path))).ToArray();
        if (unknown.Length > 0)
            return; // What seems to be missing is most likely what is misspelt.
        var keys = given.Select(entry => entry.Key).ToArray();
        CheckGroups(schema, keys, mapping, path);
        var defaults = ReadDefaults(schema, keys, mapping, path);
        if (faults.Count > faultsBefore)
            return;

        var size = axes.Aggregate(1L, (product, axis) => Math.Min(product * axis.Values.Count, MostVariants + 1));
        if (variants.Count + size > MostVariants)
        {
            Fault(path, mapping, $"brings the job to more than {MostVariants} variants; split it into several jobs");
            full = true;
            return;
        }

        IEnumerable<KeyValuePair<string, JsonNode>[]> grid = [[]];
        foreach (var (key, values) in axes)
            grid = grid.SelectMany(settings => values.Select(value => (KeyValuePair<string, JsonNode>[])[.. settings, new(key, value)]));
        foreach (var settings in grid)
            Add(VariantSpec.Create(schema.Name, settings) with { IsReimplementation = schema.IsReimplementation }, defaults, mapping, path);
    }

    private IReadOnlyList<JsonNode> ReadValues(PruningMethodSchema schema, MappingEntry entry, string path) =>
        new ParameterReader(schema.Parameters.First(parameter => parameter.Name == entry.Key), model, faults)
            .Read(entry.Value, Document.Join(path, entry.Key));

    private void Add(VariantSpec variant, List<KeyValuePair<string, JsonNode>> defaults, MappingNode mapping, string path)
    {
        if (model is not null && catalog.Check(variant, model) is { } fault)
            faults.Add(fault with { Path = Document.Join(path, fault.Path), Line = mapping.Line });
        var effect = VariantSpec.HashOf(variant.Method, variant.Settings.Concat(defaults));
        if (seen.TryGetValue(effect, out var twin))
            Fault(path, mapping, $"'{variant.Name}' {(twin.Name == variant.Name ? "is" : $"does the same as '{twin.Name}',")} already in {twin.Path}; remove one");
        else
            seen.Add(effect, (path, variant.Name));
        variants.Add(variant);
    }

    private void FaultUnknown(PruningMethodSchema schema, MappingEntry entry, string path)
    {
        string[] known = [.. schema.Parameters.Select(parameter => parameter.Name)];
        var right = known.Length == 0 ? "; remove it" : Suggestion.For(entry.Key, known);
        faults.Add(new JobFault(Document.Join(path, entry.Key), $"is not a setting of '{schema.Name}'{right}") { Line = entry.Line });
    }

    private void CheckGroups(PruningMethodSchema schema, string[] given, MappingNode mapping, string path)
    {
        foreach (var group in schema.ExactlyOneOf)
        {
            var present = group.Where(given.Contains).ToArray();
            if (present.Length == 0)
                Fault(path, mapping, $"gives none of {Suggestion.OneOf([.. group])}; '{schema.Name}' needs exactly one");
            else if (present.Length > 1)
                Fault(path, mapping, $"gives {string.Join(" and ", present)}; '{schema.Name}' needs exactly one of them");
        }

        foreach (var group in schema.AtMostOneOf)
        {
            var present = group.Where(given.Contains).ToArray();
            if (present.Length > 1)
                Fault(path, mapping, $"gives {string.Join(" and ", present)}; '{schema.Name}' takes at most one of them");
        }
    }

    /// <summary>The values of what is not given. A default may be wrong too: for a model with fewer layers, say.</summary>
    private List<KeyValuePair<string, JsonNode>> ReadDefaults(PruningMethodSchema schema, string[] given, MappingNode mapping, string path)
    {
        var defaults = new List<KeyValuePair<string, JsonNode>>();
        foreach (var parameter in schema.Parameters)
        {
            if (given.Contains(parameter.Name) || parameter.Optional || schema.ExactlyOneOf.Concat(schema.AtMostOneOf).Any(group => group.Contains(parameter.Name)))
                continue;
            var at = Document.Join(path, parameter.Name);
            if (parameter.Default is null)
            {
                Fault(at, mapping, $"is missing; '{schema.Name}' needs it: {parameter.Summary}");
                continue;
            }

            var own = new List<JobFault>();
            var values = new ParameterReader(parameter, model, own).Read(VariantNotation.ParseValue(parameter.Default, mapping.Line), at);
            faults.AddRange(own.Select(fault => fault with { Message = $"is not given, and its default {fault.Message}" }));
            defaults.AddRange(values.Select(value => KeyValuePair.Create(parameter.Name, value)));
        }

        return defaults;
    }

    private string[] Names => [.. catalog.Methods.Select(method => method.Name)];

    private void Fault(string path, DocumentNode node, string message) => faults.Add(new JobFault(path, message) { Line = node.Line });
}
