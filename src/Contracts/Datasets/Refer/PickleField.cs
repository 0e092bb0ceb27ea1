using Pipeline.Contracts.Pickle;

namespace Pipeline.Contracts.Datasets.Refer;

/// <summary>A value of a pickle, read strictly: every fault names file and place and says what would be right.</summary>
/// <param name="file">Name of the file.</param>
/// <param name="place">Such as <c>refs[12].sentences[0].sent</c>.</param>
internal sealed class PickleField(string file, string place, object? value)
{
    public string Place => place;

    public PickleField Get(string key)
    {
        var map = value as PickleMap ?? throw Fault($"expected a dictionary with {key}, found {Kind}");
        return map[key] is { } found ? new PickleField(file, $"{place}.{key}", found) : throw Fault($"has no {key}");
    }

    public IEnumerable<PickleField> Items() => value is List<object?> list
        ? list.Select((item, i) => new PickleField(file, $"{place}[{i}]", item))
        : throw Fault($"expected a list, found {Kind}");

    public string Text() => value as string ?? throw Fault($"expected text, found {Kind}");

    public long Integer() => value is long number ? number : throw Fault($"expected a whole number, found {Kind}");

    public InvalidDataException Fault(string message) => new($"{file} {place}: {message}");

    private string Kind => value switch
    {
        null => "None",
        string => "text",
        bool => "a truth value",
        long or double => FormattableString.Invariant($"the number {value}"),
        PickleMap => "a dictionary",
        List<object?> => "a list",
        PickleTuple => "a tuple",
        _ => "something else",
    };
}
