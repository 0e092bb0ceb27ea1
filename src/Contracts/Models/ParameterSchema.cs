namespace Pipeline.Contracts.Models;

/// <summary>One parameter of a pruning method.</summary>
/// <param name="Name">As in a job file.</param>
/// <param name="Kind">What values it takes.</param>
/// <param name="Summary">One line for help and documentation, with units.</param>
public sealed record ParameterSchema(string Name, ParameterKind Kind, string Summary)
{
    /// <summary>Least value for numbers, inclusive unless <see cref="AboveMinimum"/>.</summary>
    public double? Minimum { get; init; }

    /// <summary>The minimum itself is not allowed.</summary>
    public bool AboveMinimum { get; init; }

    /// <summary>Greatest value for numbers, inclusive. For <see cref="ParameterKind.Layer"/> the model's depth minus one, for <see cref="ParameterKind.TokenCount"/> its visual tokens.</summary>
    public double? Maximum { get; init; }

    /// <summary>The words of a <see cref="ParameterKind.Choice"/>.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Default as written in a job file; none for a parameter that must be given or that has no value unless it is given.</summary>
    public string? Default { get; init; }

    /// <summary>May be left out although it has no default; the summary says what happens then.</summary>
    public bool Optional { get; init; }
}
