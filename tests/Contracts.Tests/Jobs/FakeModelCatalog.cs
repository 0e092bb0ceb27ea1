using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Models;

namespace Pipeline.Contracts.Tests.Jobs;

/// <summary>A catalog with a parameter of every kind, and a model of 32 layers and 16 x 16 visual tokens wherever there is a folder.</summary>
public sealed class FakeModelCatalog : IModelCatalog
{
    private static readonly ParameterSchema Keep = new("keep", ParameterKind.Ratio, "Share of visual tokens to keep.");
    private static readonly ParameterSchema Count = new("count", ParameterKind.TokenCount, "Visual tokens to keep.");
    private static readonly IReadOnlyList<IReadOnlyList<string>> KeepOrCount = [["keep", "count"]];

    public static ModelDescription Model { get; } = new(
        new ModelShape
        {
            Architecture = "lisa",
            Layers = 32,
            HiddenSize = 64,
            IntermediateSize = 128,
            Heads = 4,
            KeyValueHeads = 4,
            VocabularySize = 100,
            MaxPositions = 2048,
            GridHeight = 16,
            GridWidth = 16,
        },
        new string('0', 64),
        RandomWeights: true);

    public int Layers { get; init; } = 32;

    public IReadOnlyList<PruningMethodSchema> Methods { get; } =
    [
        new("none", "Keeps everything.", [], []),
        new("random", "Keeps a random set.", [Keep, Count, new("seed", ParameterKind.Integer, "Seed.") { Minimum = 0, Default = "0" }], KeepOrCount),
        new("uniform", "Keeps a grid.", [Keep, Count], KeepOrCount),
        new(
            "fastv",
            "Keeps what the query attends to.",
            [
                new("layer", ParameterKind.Layer, "First layer that sees fewer tokens.") { Minimum = 1, Default = "2" },
                Keep,
                Count,
                new("query", ParameterKind.Choice, "Query row.") { Choices = ["last_instruction", "seg", "last"], Default = "last_instruction" },
            ],
            KeepOrCount),
        new(
            "staged",
            "Has the other kinds.",
            [
                new("layers", ParameterKind.LayerList, "Boundaries.") { Minimum = 1 },
                new("ratios", ParameterKind.NumberList, "Shares per stage.") { Minimum = 0, AboveMinimum = true, Maximum = 1, Default = "[0.5]" },
                new("dense", ParameterKind.Boolean, "Renumber.") { Default = "false" },
                new("weight", ParameterKind.Number, "A weight.") { Minimum = 0, Maximum = 10, Default = "1.5" },
            ],
            []),
    ];

    public JobFault? Check(VariantSpec variant, ModelShape model) => null;

    public ModelDescription Describe(string checkpoint) => File.Exists(Path.Combine(checkpoint, "config.json"))
        ? Model with { Shape = Model.Shape with { Layers = Layers } }
        : throw new InvalidDataException($"{checkpoint} has no config.json; expected a LISA checkpoint");
}
