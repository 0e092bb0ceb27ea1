using System.Text.Json;

namespace Pipeline.Contracts.Text;

/// <summary>Says what is wrong with JSON without the reader's own line count, which starts at zero.</summary>
internal static class JsonFault
{
    public static string Describe(JsonException fault)
    {
        var end = fault.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? fault.Message : $"{fault.Message[..end]} (column {fault.BytePositionInLine + 1})";
    }
}
