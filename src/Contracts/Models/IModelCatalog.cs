using Pipeline.Contracts.Jobs;

namespace Pipeline.Contracts.Models;

/// <summary>What a job may name. Answered by the room that runs models, so that reading and planning a job needs no tensors.</summary>
public interface IModelCatalog
{
    /// <summary>The pruning methods a variant may name.</summary>
    IReadOnlyList<PruningMethodSchema> Methods { get; }

    /// <summary>Reads the sizes of a checkpoint from its configuration files.</summary>
    /// <exception cref="InvalidDataException">The folder is no checkpoint; the message names the file and what would be right.</exception>
    ModelDescription Describe(string checkpoint);

    /// <summary>Finds what the schema of a method cannot say: settings that do not go together, or not with this model.</summary>
    /// <param name="variant">Right as far as its schema goes.</param>
    /// <param name="model">The model it is for.</param>
    /// <returns>The fault, its path the setting's name; null where all is well.</returns>
    JobFault? Check(VariantSpec variant, ModelShape model);
}
