using System.Globalization;
using System.Text.RegularExpressions;

namespace Pipeline.Contracts.Jobs.Reading;

/// <summary>A part of a job file, YAML or JSON alike, with the line where it begins.</summary>
internal abstract record DocumentNode(int Line)
{
    /// <summary>What this is, for messages.</summary>
    public abstract string Description { get; }
}

/// <summary>A single value.</summary>
/// <param name="Quoted">Written in quotes, so always text.</param>
internal sealed partial record ScalarNode(int Line, string Text, bool Quoted) : DocumentNode(Line)
{
    public override string Description =>
        IsNull ? "nothing"
        : AsBoolean is { } flag ? flag ? "true" : "false"
        : AsNumber is not null ? $"the number {Text}"
        : $"'{Text}'";

    public bool IsNull => !Quoted && Text is "" or "~" or "null";

    /// <summary>The value as text; null for what YAML takes for something else.</summary>
    public string? AsText => Quoted || !(IsNull || AsBoolean is not null || AsNumber is not null) ? Text : null;

    public bool? AsBoolean => Quoted ? null : Text switch { "true" => true, "false" => false, _ => null };

    public double? AsNumber =>
        !Quoted && Number().IsMatch(Text) && double.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : null;

    public long? AsInteger =>
        !Quoted && long.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}

internal sealed record ListNode(int Line, IReadOnlyList<DocumentNode> Items) : DocumentNode(Line)
{
    public override string Description => Items.Count == 0 ? "an empty list" : "a list";
}

internal sealed record MappingNode(int Line, IReadOnlyList<MappingEntry> Entries) : DocumentNode(Line)
{
    public override string Description => "a mapping";
}

internal sealed record MappingEntry(string Key, int Line, DocumentNode Value);
