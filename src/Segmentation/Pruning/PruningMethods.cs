using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Models;
using Pipeline.Segmentation.Pruning.Methods;

namespace Pipeline.Segmentation.Pruning;

/// <summary>The pruning methods a variant may name. A new method is one line here.</summary>
public static class PruningMethods
{
    private static readonly Entry[] Entries =
    [
        Entry.Of<NoPruningOptions>("none", "All visual tokens go through all layers", _ => new NoPruning()),
        Entry.Of<RandomPruningOptions>("random", "A seeded random subset of the visual tokens", options => new RandomPruning(options)),
        Entry.Of<UniformPruningOptions>("uniform", "Visual tokens at equal distances in raster order", options => new UniformPruning(options)),
        Entry.Of<FastVOptions>("fastv", "After K layers, the visual tokens that the query row attends to most (arXiv 2403.06764)", options => new FastV(options)),
    ];

    public static IReadOnlyList<PruningMethodSchema> Schemas { get; } = [.. Entries.Select(entry => entry.Schema)];

    /// <exception cref="ArgumentException">The method is unknown, or a setting unknown, of another type or out of range; the message names it.</exception>
    public static IPruningMethod Create(VariantSpec variant)
    {
        var entry = Entries.FirstOrDefault(entry => entry.Schema.Name == variant.Method)
            ?? throw new ArgumentException($"'{variant.Method}' is not a pruning method; there are {string.Join(", ", Schemas.Select(schema => schema.Name))}");
        return entry.Create(entry.Schema, variant);
    }

    private sealed record Entry(PruningMethodSchema Schema, Func<PruningMethodSchema, VariantSpec, IPruningMethod> Create)
    {
        public static Entry Of<TOptions>(string name, string summary, Func<TOptions, IPruningMethod> create)
            where TOptions : new() =>
            new(OptionsSchema.Of<TOptions>(name, summary), (schema, variant) => create(OptionsSchema.Read<TOptions>(schema, variant.Settings)));
    }
}
