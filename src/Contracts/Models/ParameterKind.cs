namespace Pipeline.Contracts.Models;

/// <summary>What values a parameter takes.</summary>
public enum ParameterKind
{
    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A real number.</summary>
    Number,

    /// <summary>A share above 0 and at most 1.</summary>
    Ratio,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>One of a few words.</summary>
    Choice,

    /// <summary>Index of a decoder layer, checked against the model's depth.</summary>
    Layer,

    /// <summary>A number of visual tokens, checked against the model's.</summary>
    TokenCount,

    /// <summary>Ascending layer indices; here a list is one value and a list of lists a grid.</summary>
    LayerList,

    /// <summary>Real numbers; here a list is one value and a list of lists a grid.</summary>
    NumberList,
}
