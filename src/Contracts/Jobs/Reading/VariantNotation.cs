namespace Pipeline.Contracts.Jobs.Reading;

/// <summary>The short form of a variant, <c>fastv:layer=2,keep=0.5</c>, in which variants are also named. Lists stand in brackets, or are parted by slashes.</summary>
internal static class VariantNotation
{
    /// <returns>The mapping that the long form would be.</returns>
    /// <exception cref="FormatException">Not of that form.</exception>
    public static MappingNode Parse(ScalarNode notation)
    {
        var text = notation.Text.Trim();
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var method = colon < 0 ? text : text[..colon].Trim();
        var entries = new List<MappingEntry> { new("method", notation.Line, new ScalarNode(notation.Line, method, Quoted: true)) };
        foreach (var setting in colon < 0 ? [] : Split(text[(colon + 1)..]))
        {
            var entry = ParseSetting(setting, notation.Line);
            if (entries.Exists(known => known.Key == entry.Key))
                throw new FormatException($"'{text}' gives {entry.Key} twice");
            entries.Add(entry);
        }

        return new MappingNode(notation.Line, entries);
    }

    /// <summary>Reads a single value: a word, a number, <c>[a,b]</c>, or <c>a/b</c> for the same list without brackets.</summary>
    /// <exception cref="FormatException">Brackets do not match, or nothing stands on one side of a slash.</exception>
    public static DocumentNode ParseValue(string text, int line)
    {
        text = text.Trim();
        if (!text.StartsWith('['))
            return text.Contains('/', StringComparison.Ordinal) ? ParseSlashed(text, line) : new ScalarNode(line, text, Quoted: false);
        if (!text.EndsWith(']'))
            throw new FormatException($"'{text}' has a bracket that is not closed");
        var inner = text[1..^1];
        return new ListNode(line, inner.Trim().Length == 0 ? [] : [.. Split(inner).Select(item => ParseValue(item, line))]);
    }

    private static ListNode ParseSlashed(string text, int line)
    {
        var items = text.Split('/', StringSplitOptions.TrimEntries);
        return items.All(item => item.Length > 0)
            ? new ListNode(line, [.. items.Select(item => new ScalarNode(line, item, Quoted: false))])
            : throw new FormatException($"'{text}' has an item of its list missing");
    }

    private static MappingEntry ParseSetting(string setting, int line)
    {
        var equals = setting.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0 || setting[(equals + 1)..].Trim().Length == 0)
            throw new FormatException($"'{setting.Trim()}' is not KEY=VALUE");
        return new MappingEntry(setting[..equals].Trim(), line, ParseValue(setting[(equals + 1)..], line));
    }

    /// <summary>Splits at the commas that stand outside of all brackets.</summary>
    private static List<string> Split(string text)
    {
        var parts = new List<string>();
        var (depth, start) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '[' => 1, ']' => -1, _ => 0 };
            if (depth < 0 || depth > Document.Deepest)
                throw new FormatException($"'{text}' has brackets that do not match");
            if (text[i] != ',' || depth > 0)
                continue;
            parts.Add(text[start..i]);
            start = i + 1;
        }

        if (depth != 0)
            throw new FormatException($"'{text}' has a bracket that is not closed");
        parts.Add(text[start..]);
        return parts;
    }
}
