namespace Pipeline.Contracts.Pickle;

/// <summary>A Python dictionary in the order of its first insertions. Keys are None, booleans, whole numbers, floats and short texts only: others could be made costly to compare.</summary>
public sealed class PickleMap
{
    private const int LongestKey = 1024;

    private readonly List<KeyValuePair<object?, object?>> entries = [];
    private Dictionary<Key, int>? places;

    public int Count => entries.Count;

    /// <summary>In the order of their first insertion.</summary>
    public IReadOnlyList<KeyValuePair<object?, object?>> Entries => entries;

    /// <summary>The value of a text key; null where there is none, or it is None.</summary>
    public object? this[string key] => places is not null && places.TryGetValue(new Key(key), out var place) ? entries[place].Value : null;

    internal void Set(object? key, object? value)
    {
        if (key is not (null or bool or long or double or string))
            throw new PickleException("a dictionary has a key that is no text, number, boolean or None");
        if (key is string { Length: > LongestKey })
            throw new PickleException($"a dictionary has a key of more than {LongestKey} characters");
        places ??= [];
        if (places.TryGetValue(new Key(key), out var place))
        {
            entries[place] = new KeyValuePair<object?, object?>(entries[place].Key, value);
            return;
        }

        places.Add(new Key(key), entries.Count);
        entries.Add(new KeyValuePair<object?, object?>(key, value));
    }

    /// <summary>Hashes with the process's own seed, so that no file can choose keys that collide.</summary>
    private readonly record struct Key(object? Value)
    {
        public override int GetHashCode() => Value is double number ? HashCode.Combine(BitConverter.DoubleToInt64Bits(number)) : HashCode.Combine(Value);
    }
}
