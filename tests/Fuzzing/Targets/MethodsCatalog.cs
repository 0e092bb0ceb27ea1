using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Models;
using Pipeline.Segmentation;

namespace Pipeline.Fuzzing.Targets;

/// <summary>All pruning methods; every folder is a checkpoint of eight layers, so that no input reads files.</summary>
internal sealed class MethodsCatalog : IModelCatalog
{
    private readonly ModelCatalog real = new();

    public IReadOnlyList<PruningMethodSchema> Methods => real.Methods;

    public JobFault? Check(VariantSpec variant, ModelShape model) => real.Check(variant, model);

    public ModelDescription Describe(string checkpoint) => new(
        new ModelShape
        {
            Architecture = "lisa",
            Layers = 8,
            HiddenSize = 64,
            IntermediateSize = 128,
            Heads = 4,
            KeyValueHeads = 4,
            VocabularySize = 100,
            GridHeight = 16,
            GridWidth = 16,
        },
        new string('0', 64),
        RandomWeights: true);
}
