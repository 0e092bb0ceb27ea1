using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Models;

namespace Pipeline.Cli.Tests;

/// <summary>Knows one method and takes every folder for a model of four layers.</summary>
internal sealed class AnyModelCatalog : IModelCatalog
{
    public IReadOnlyList<PruningMethodSchema> Methods { get; } =
    [
        new("none", "Keeps everything.", [], []),
        new("fastv", "Keeps some.", [new("layer", ParameterKind.Layer, "Layer.") { Minimum = 1, Default = "2" }, new("keep", ParameterKind.Ratio, "Share.")], []),
    ];

    public JobFault? Check(VariantSpec variant, ModelShape model) => null;

    public ModelDescription Describe(string checkpoint) => new(
        new ModelShape
        {
            Architecture = "lisa",
            Layers = 4,
            HiddenSize = 8,
            IntermediateSize = 16,
            Heads = 2,
            KeyValueHeads = 2,
            VocabularySize = 10,
            GridHeight = 4,
            GridWidth = 4,
        },
        new string('0', 64),
        RandomWeights: true);
}
