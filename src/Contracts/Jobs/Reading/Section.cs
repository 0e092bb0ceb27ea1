using System.Globalization;
using Pipeline.Contracts.Text;

namespace Pipeline.Contracts.Jobs.Reading;

/// <summary>One mapping of a job file. Every key that is asked for is known; <see cref="Finish"/> refuses the others.</summary>
/// <remarks>A value that is wrong becomes a fault and its default, so that reading goes on to the next fault.</remarks>
internal sealed class Section(MappingNode node, string path, List<JobFault> faults)
{
    private readonly List<string> known = [];

    /// <returns>The value; null if it is not given, or given without a value, which is a fault.</returns>
    public DocumentNode? Find(string key)
    {
        Know(key);
        var value = node.Entries.FirstOrDefault(entry => entry.Key == key)?.Value;
        if (value is not ScalarNode { IsNull: true })
            return value;
        Fault(key, value.Line, "has no value; give one or remove the key");
        return null;
    }

    public bool Has(string key)
    {
        Know(key);
        return node.Entries.Any(entry => entry.Key == key);
    }

    /// <param name="right">What would be right, for the message when it is missing.</param>
    public DocumentNode? Required(string key, string right)
    {
        if (!Has(key))
            Fault(key, node.Line, $"is missing; {right}");
        return Find(key);
    }

    public string? RequiredText(string key, string right) => Required(key, right) is { } value ? Text(key, value, right) : null;

    public Section? RequiredSection(string key, string right)
    {
        switch (Required(key, right))
        {
            case null:
                return null;
            case MappingNode mapping:
                return new Section(mapping, Document.Join(path, key), faults);
            case var other:
                Fault(key, other.Line, $"expected a mapping, found {other.Description}; {right}");
                return null;
        }
    }

    /// <returns>The section; an empty one if it is not given.</returns>
    public Section Optional(string key, string right) =>
        (Has(key) ? RequiredSection(key, right) : null) ?? new Section(new MappingNode(node.Line, []), Document.Join(path, key), faults);

    public string Choice(string key, string fallback, params string[] words) => Find(key) is { } value ? Choice(key, value, words) ?? fallback : fallback;

    /// <returns>Null if it is not given.</returns>
    public string? OptionalChoice(string key, params string[] words) => Find(key) is { } value ? Choice(key, value, words) : null;

    public string? RequiredChoice(string key, params string[] words) =>
        Required(key, $"use {Suggestion.OneOf(words)}") is { } value ? Choice(key, value, words) : null;

    public int Integer(string key, int fallback, int least, int most) => (int?)OptionalInteger(key, least, most) ?? fallback;

    public int RequiredInteger(string key, int least, int most, string right) =>
        Required(key, right) is { } value ? (int?)Integer(key, value, least, most) ?? least : least;

    public long? OptionalInteger(string key, long least, long most) => Find(key) is { } value ? Integer(key, value, least, most) : null;

    public double Number(string key, double fallback, double least, double most)
    {
        if (Find(key) is not { } value)
            return fallback;
        if (value is not ScalarNode { AsNumber: { } number })
        {
            Fault(key, value.Line, string.Create(CultureInfo.InvariantCulture, $"expected a number from {least} to {most}, found {value.Description}"));
            return fallback;
        }

        if (number >= least && number <= most)
            return number;
        Fault(key, value.Line, string.Create(CultureInfo.InvariantCulture, $"{number} is {(number < least ? "below" : "above")} {(number < least ? least : most)}; use {least} to {most}"));
        return fallback;
    }

    /// <summary>A fault of the value of a key that is there.</summary>
    public void Fault(string key, string message) => Fault(key, Find(key)!.Line, message);

    /// <summary>Refuses a key that would be right elsewhere.</summary>
    public void Foreign(string key, string message)
    {
        Know(key);
        if (node.Entries.FirstOrDefault(entry => entry.Key == key) is { } entry)
            Fault(key, entry.Line, message);
    }

    public void Fault(string key, int line, string message) => faults.Add(new JobFault(Document.Join(path, key), message) { Line = line });

    /// <summary>Refuses every key that nobody asked for.</summary>
    public void Finish()
    {
        foreach (var entry in node.Entries.Where(entry => !known.Contains(entry.Key)))
            Fault(entry.Key, entry.Line, $"is not known here{Suggestion.For(entry.Key, known)}");
    }

    private void Know(string key)
    {
        if (!known.Contains(key))
            known.Add(key);
    }

    private string? Text(string key, DocumentNode value, string right)
    {
        switch (value)
        {
            case ScalarNode { AsText: { } text } when text.Trim().Length > 0:
                return text;
            case ScalarNode { AsText: not null }:
                Fault(key, value.Line, $"is empty; {right}");
                return null;
            case ScalarNode:
                Fault(key, value.Line, $"expected text, found {value.Description}; put it in quotes if that is meant");
                return null;
            default:
                Fault(key, value.Line, $"expected text, found {value.Description}; {right}");
                return null;
        }
    }

    private string? Choice(string key, DocumentNode value, string[] words)
    {
        if (value is ScalarNode { AsText: { } text })
        {
            if (words.Contains(text, StringComparer.Ordinal))
                return text;
            Fault(key, value.Line, $"'{text}' is not known{Suggestion.For(text, words)}");
            return null;
        }

        Fault(key, value.Line, $"expected {Suggestion.OneOf(words)}, found {value.Description}");
        return null;
    }

    private long? Integer(string key, DocumentNode value, long least, long most)
    {
        var range = most == long.MaxValue || most == int.MaxValue ? $"{least} or more" : $"{least} to {most}";
        if (value is not ScalarNode { AsInteger: { } number })
        {
            Fault(key, value.Line, $"expected a whole number, found {value.Description}; use {range}");
            return null;
        }

        if (number >= least && number <= most)
            return number;
        Fault(key, value.Line, $"{number} is {(number < least ? $"below {least}" : $"above {most}")}; use {range}");
        return null;
    }
}
