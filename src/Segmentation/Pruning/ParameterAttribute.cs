using Pipeline.Contracts.Models;

namespace Pipeline.Segmentation.Pruning;

/// <summary>Makes a property of an options record a parameter that a job file may set under its snake_case name.</summary>
/// <param name="kind">What values it takes.</param>
/// <param name="summary">One line for help, with units.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ParameterAttribute(ParameterKind kind, string summary) : Attribute
{
    public ParameterKind Kind { get; } = kind;

    public string Summary { get; } = summary;

    /// <summary>Least value, inclusive; none by default.</summary>
    public double Minimum { get; set; } = double.NegativeInfinity;

    /// <summary>The least value itself is not allowed.</summary>
    public bool AboveMinimum { get; set; }

    /// <summary>Greatest value, inclusive; none by default.</summary>
    public double Maximum { get; set; } = double.PositiveInfinity;

    /// <summary>Name of the group of which a variant gives exactly one; one at most where <see cref="OptionalGroupAttribute"/> says so.</summary>
    public string? OneOf { get; set; }
}
