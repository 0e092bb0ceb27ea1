namespace Pipeline.Cli.Pruning;

/// <summary>Variants in the short form behind one another: <c>fastv:layer=2,keep=0.5,none,random:keep=0.25</c>.</summary>
internal static class VariantList
{
    /// <summary>Splits at the commas before which a variant ends: those outside of brackets that a word without a value follows.</summary>
    /// <remarks>Only settings have values, so a misspelt method starts a variant too, and reading it finds the fault.</remarks>
    public static IReadOnlyList<string> Split(string list)
    {
        var variants = new List<string>();
        var (depth, start) = (0, 0);
        for (var i = 0; i < list.Length; i++)
        {
            depth += list[i] switch { '[' => 1, ']' => -1, _ => 0 };
            if (list[i] != ',' || depth > 0 || !StartsVariant(list.AsSpan(i + 1).TrimStart()))
                continue;
            variants.Add(list[start..i].Trim());
            start = i + 1;
        }

        variants.Add(list[start..].Trim());
        return variants;
    }

    private static bool StartsVariant(ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOfAny(",:=");
        return rest.Length > 0 && char.IsAsciiLetter(rest[0]) && (end < 0 || rest[end] != '=');
    }
}
