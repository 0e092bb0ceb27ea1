namespace Pipeline.Contracts.Pickle;

/// <summary>A Python name that a pickle may mention, and what stands in for it here. Nothing of Python is ever looked up or run.</summary>
/// <param name="Name">Module and name: <c>collections.OrderedDict</c>.</param>
/// <param name="Call">
/// What a call of it gives, from its arguments; null where it may only be mentioned. Throws <see cref="PickleException"/> on arguments it cannot take.
/// A pickle may call it as often as it has bytes, so it must cost the same whatever the arguments hold.
/// </param>
public sealed record PickleGlobal(string Name, Func<IReadOnlyList<object?>, object?>? Call = null)
{
    /// <summary>A dictionary that keeps its order, as every <see cref="PickleMap"/> does; made empty and filled afterwards, as Python 3 writes it.</summary>
    public static PickleGlobal OrderedDict { get; } = new(
        "collections.OrderedDict",
        arguments => arguments.Count == 0 ? new PickleMap() : throw new PickleException("collections.OrderedDict is called with arguments; expected none"));
}
