namespace Pipeline.Segmentation.Pruning;

/// <summary>A variant may leave out a whole group of its parameters; it still gives one of them at most.</summary>
/// <param name="name">Of the group, as in <see cref="ParameterAttribute.OneOf"/>.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OptionalGroupAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
