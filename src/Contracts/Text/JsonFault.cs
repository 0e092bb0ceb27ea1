using System.Text.Json;

namespace Pipeline.Contracts.Text;

/// <summary>Says what is wrong with JSON without the reader's own line count, which starts at zero.</summary>
public static class JsonFault
{
    /// <summary>What the serializer says of a value of the wrong kind; it goes on with the name of a type of ours, which tells nobody anything.</summary>
    private const string WrongKind = "The JSON value could not be converted";

    public static string Describe(JsonException fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        if (fault.Message.StartsWith(WrongKind, StringComparison.Ordinal))
            return $"the value at {fault.Path ?? "$"} is of the wrong kind";
        var end = fault.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? fault.Message : $"{fault.Message[..end]} (column {fault.BytePositionInLine + 1})";
    }
}
