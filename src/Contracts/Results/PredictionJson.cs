using System.Text.Json;
using Pipeline.Evaluation;

namespace Pipeline.Contracts.Results;

/// <summary>Reads and writes the predictions that results are full of without reflection; whatever is unusual is left to the serializer, which says what is wrong.</summary>
internal static class PredictionJson
{
    private static readonly JsonEncodedText Sample = Name("sample"), Expression = Name("expression"), Variant = Name("variant"), Mask = Name("mask");
    private static readonly JsonEncodedText Size = Name("size"), Counts = Name("counts"), Overlap = Name("overlap"), Intersection = Name("intersection");
    private static readonly JsonEncodedText Union = Name("union"), GiouTerm = Name("giouTerm"), VisualTokens = Name("visualTokens"), Tokens = Name("tokens");
    private static readonly JsonEncodedText Tflops = Name("tflops"), LlmMilliseconds = Name("llmMilliseconds"), TotalMilliseconds = Name("totalMilliseconds");

    /// <param name="line">One JSON object.</param>
    /// <param name="sample">Id of the sample before; the same string is used again for its next prediction.</param>
    /// <returns>Null for a prediction that failed, that has stages or an answer, or whose members are not those that are written.</returns>
    public static Prediction? TryRead(ReadOnlySpan<byte> line, ref string sample)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject ? ReadMembers(ref reader, ref sample) : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a text that is no valid UTF-8 or UTF-16.
            return null;
        }
    }

    /// <summary>What the serializer would write of the prediction without its times; for one that succeeded, without stages, with a forced answer.</summary>
    public static void WriteEssence(Utf8JsonWriter writer, Prediction prediction)
    {
        writer.WriteStartObject();
        writer.WriteString(Sample, prediction.Sample);
        writer.WriteNumber(Expression, prediction.Expression);
        writer.WriteNumber(Variant, prediction.Variant);
        if (prediction.Mask is { } mask)
        {
            writer.WriteStartObject(Mask);
            writer.WriteStartArray(Size);
            writer.WriteNumberValue(mask.Height);
            writer.WriteNumberValue(mask.Width);
            writer.WriteEndArray();
            writer.WriteString(Counts, mask.Counts);
            writer.WriteEndObject();
        }

        if (prediction.Overlap is { } overlap)
        {
            writer.WriteStartObject(Overlap);
            writer.WriteNumber(Intersection, overlap.Intersection);
            writer.WriteNumber(Union, overlap.Union);
            writer.WriteNumber(GiouTerm, overlap.GiouTerm);
            writer.WriteEndObject();
        }

        WriteIntegers(writer, VisualTokens, prediction.VisualTokens);
        WriteIntegers(writer, Tokens, prediction.Tokens);
        writer.WriteNumber(Tflops, prediction.Tflops);
        writer.WriteNumber(LlmMilliseconds, 0);
        writer.WriteNumber(TotalMilliseconds, 0);
        writer.WriteEndObject();
    }

    private static Prediction? ReadMembers(ref Utf8JsonReader reader, ref string sample)
    {
        var (expression, variant, known) = (0, 0, 0);
        var (tflops, llm, total) = (0.0, 0.0, 0.0);
        int[] visualTokens = [], tokens = [];
        Rle? mask = null;
        MaskOverlap? overlap = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool read;
            if (reader.ValueTextEquals(Sample.EncodedUtf8Bytes))
                read = TryText(ref reader, ref sample) && ++known > 0;
            else if (reader.ValueTextEquals(Expression.EncodedUtf8Bytes))
                read = TryInteger(ref reader, out expression) && ++known > 0;
            else if (reader.ValueTextEquals(Variant.EncodedUtf8Bytes))
                read = TryInteger(ref reader, out variant) && ++known > 0;
            else if (reader.ValueTextEquals(Mask.EncodedUtf8Bytes))
                read = (mask = ReadMask(ref reader)) is not null;
            else if (reader.ValueTextEquals(Overlap.EncodedUtf8Bytes))
                read = (overlap = ReadOverlap(ref reader)) is not null;
            else if (reader.ValueTextEquals(VisualTokens.EncodedUtf8Bytes))
                read = TryIntegers(ref reader, visualTokens, out visualTokens);
            else if (reader.ValueTextEquals(Tokens.EncodedUtf8Bytes))
                read = TryIntegers(ref reader, visualTokens, out tokens);
            else if (reader.ValueTextEquals(Tflops.EncodedUtf8Bytes))
                read = TryReal(ref reader, out tflops);
            else if (reader.ValueTextEquals(LlmMilliseconds.EncodedUtf8Bytes))
                read = TryReal(ref reader, out llm);
            else
                read = reader.ValueTextEquals(TotalMilliseconds.EncodedUtf8Bytes) && TryReal(ref reader, out total);
            if (!read)
                return null;
        }

        if (known != 3 || reader.TokenType != JsonTokenType.EndObject || reader.Read())
            return null;
        return new Prediction
        {
            Sample = sample,
            Expression = expression,
            Variant = variant,
            Mask = mask,
            Overlap = overlap,
            VisualTokens = visualTokens,
            Tokens = tokens,
            Tflops = tflops,
            LlmMilliseconds = llm,
            TotalMilliseconds = total,
        };
    }

    private static Rle? ReadMask(ref Utf8JsonReader reader)
    {
        var counts = "";
        return Starts(ref reader)
            && Names(ref reader, Size) && TryIntegers(ref reader, [0, 0], out var size) && size.Length == 2
            && Names(ref reader, Counts) && TryText(ref reader, ref counts)
            && Ends(ref reader)
            ? new Rle(size[0], size[1], counts)
            : null;
    }

    private static MaskOverlap? ReadOverlap(ref Utf8JsonReader reader) =>
        Starts(ref reader)
        && Names(ref reader, Intersection) && TryLong(ref reader, out var intersection)
        && Names(ref reader, Union) && TryLong(ref reader, out var union)
        && Names(ref reader, GiouTerm) && TryReal(ref reader, out _)
        && Ends(ref reader)
            ? new MaskOverlap(intersection, union)
            : null;

    private static bool Starts(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.StartObject;

    private static bool Ends(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.EndObject;

    private static bool Names(ref Utf8JsonReader reader, JsonEncodedText name) =>
        reader.Read() && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(name.EncodedUtf8Bytes);

    private static bool TryText(ref Utf8JsonReader reader, ref string text)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.String)
            return false;
        if (!reader.ValueTextEquals(text))
            text = reader.GetString()!;
        return true;
    }

    private static bool TryInteger(ref Utf8JsonReader reader, out int value)
    {
        value = 0;
        return reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out value);
    }

    private static bool TryLong(ref Utf8JsonReader reader, out long value)
    {
        value = 0;
        return reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out value);
    }

    private static bool TryReal(ref Utf8JsonReader reader, out double value)
    {
        value = 0;
        return reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out value);
    }

    /// <param name="like">As many are expected; more or fewer are no fault.</param>
    private static bool TryIntegers(ref Utf8JsonReader reader, int[] like, out int[] values)
    {
        values = like.Length == 0 ? new int[32] : new int[like.Length];
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            return false;
        var count = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.Number)
        {
            if (!reader.TryGetInt32(out var value))
                return false;
            if (count == values.Length)
                Array.Resize(ref values, count * 2);
            values[count++] = value;
        }

        if (count != values.Length)
            Array.Resize(ref values, count);
        return reader.TokenType == JsonTokenType.EndArray;
    }

    private static void WriteIntegers(Utf8JsonWriter writer, JsonEncodedText name, IReadOnlyList<int> values)
    {
        writer.WriteStartArray(name);
        if (values is int[] array)
        {
            foreach (var value in array)
                writer.WriteNumberValue(value);
        }
        else
        {
            foreach (var value in values)
                writer.WriteNumberValue(value);
        }

        writer.WriteEndArray();
    }

    private static JsonEncodedText Name(string name) => JsonEncodedText.Encode(name);
}
