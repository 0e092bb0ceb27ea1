namespace Pipeline.Contracts.Models;

/// <summary>The parameters of a pruning method as data: enough to check, name and document a variant.</summary>
/// <param name="Name">As in a job file: <c>fastv</c>.</param>
/// <param name="Summary">One line for help and reports.</param>
/// <param name="Parameters">In the order of the documentation.</param>
/// <param name="ExactlyOneOf">Groups of parameters of which a variant gives exactly one, such as <c>keep</c> or <c>count</c>.</param>
public sealed record PruningMethodSchema(
    string Name,
    string Summary,
    IReadOnlyList<ParameterSchema> Parameters,
    IReadOnlyList<IReadOnlyList<string>> ExactlyOneOf)
{
    /// <summary>Groups of parameters of which a variant gives one or none.</summary>
    public IReadOnlyList<IReadOnlyList<string>> AtMostOneOf { get; init; } = [];

    /// <summary>The method's paper leaves settings open that are ours here, so results under its name are not the paper's. Reports say so.</summary>
    public bool IsReimplementation { get; init; }
}
