using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Models;
using Pipeline.Contracts.Text;
using Pipeline.Segmentation.Pruning.Methods;
using Pipeline.Segmentation.Pruning.Methods.Altp;
using Pipeline.Segmentation.Pruning.Methods.LvlmCsp;

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
        Entry.Of<PyramidDropOptions>("pyramiddrop", "In stages, the visual tokens that the query row attends to most, ever fewer (arXiv 2410.17247)", options => new PyramidDrop(options)),
        Entry.Of<KCenterOptions>("kcenter", "Visual tokens far from each other in features and position (as arXiv 2508.11886)", options => new KCenter(options), reimplementation: true),
        Entry.Of<AltpOptions>("altp", "Superpixels guarantee every region of the image its tokens, and dense regions keep more (arXiv 2503.23959)", options => new AltpPruning(options), reimplementation: true),
        Entry.Of<LvlmCspOptions>("lvlm-csp", "Few representatives first, then all tokens, then the few that [SEG] looks at (arXiv 2504.10854)", options => new LvlmCspPruning(options), reimplementation: true),
    ];

    public static IReadOnlyList<PruningMethodSchema> Schemas { get; } = [.. Entries.Select(entry => entry.Schema)];

    /// <exception cref="ArgumentException">The method is unknown, or a setting unknown, of another type or out of range; the message names it.</exception>
    public static IPruningMethod Create(VariantSpec variant)
    {
        var entry = Entries.FirstOrDefault(entry => entry.Schema.Name == variant.Method)
            ?? throw new ArgumentException($"'{variant.Method}' is not a pruning method{Suggestion.For(variant.Method, [.. Schemas.Select(schema => schema.Name)])}");
        return entry.Create(entry.Schema, variant);
    }

    private sealed record Entry(PruningMethodSchema Schema, Func<PruningMethodSchema, VariantSpec, IPruningMethod> Create)
    {
        /// <param name="name">In a job file.</param>
        /// <param name="summary">One line for help.</param>
        /// <param name="create">Makes the method.</param>
        /// <param name="reimplementation">Its paper leaves settings open, which are ours.</param>
        public static Entry Of<TOptions>(string name, string summary, Func<TOptions, IPruningMethod> create, bool reimplementation = false)
            where TOptions : new() =>
            new(OptionsSchema.Of<TOptions>(name, summary, reimplementation), (schema, variant) => create(OptionsSchema.Read<TOptions>(schema, variant.Settings)));
    }
}
