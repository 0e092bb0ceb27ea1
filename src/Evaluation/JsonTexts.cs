using System.Text.Json;
using System.Text.Unicode;

namespace Pipeline.Evaluation;

/// <summary>Looks at the texts inside JSON of others. <see cref="JsonDocument"/> reads a file whose texts are none, and fails only when one of them is asked for, with an exception that nobody expects there.</summary>
public static class JsonTexts
{
    /// <param name="json">One value, whole.</param>
    /// <exception cref="JsonException">A text is not valid UTF-8, or an escape stands for half a character.</exception>
    public static void Require(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
            throw new JsonException("A text is not valid UTF-8.");
        if (json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0)
            return;
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.ValueIsEscaped && !IsText(ref reader))
                throw new JsonException("A text has half a character: escapes from \\uD800 to \\uDFFF stand in pairs.");
        }
    }

    private static bool IsText(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
