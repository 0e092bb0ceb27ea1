using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Models;
using Pipeline.Orchestrator.Tests.Support;

namespace Pipeline.Orchestrator.Tests.Api;

/// <summary>Knows two methods and takes every folder for the model of the test jobs.</summary>
internal sealed class TwoMethodCatalog : IModelCatalog
{
    public IReadOnlyList<PruningMethodSchema> Methods { get; } =
    [
        new("none", "Keeps everything.", [], []),
        new("fastv", "Keeps some.", [new("keep", ParameterKind.Ratio, "Share.")], []),
    ];

    public JobFault? Check(VariantSpec variant, ModelShape model) => null;

    public ModelDescription Describe(string checkpoint) => TestJobs.Model;
}
