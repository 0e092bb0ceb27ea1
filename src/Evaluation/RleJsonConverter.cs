using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pipeline.Evaluation;

/// <summary>COCO's JSON form of a mask: written as <c>{"size":[h,w],"counts":"..."}</c>; also reads uncompressed counts, a list of run lengths.</summary>
public sealed class RleJsonConverter : JsonConverter<Rle>
{
    public override Rle Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Malformed();
        int[]? size = null;
        string? counts = null;
        int[]? runs = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "size":
                    size = Integers(ref reader);
                    break;
                case "counts" when reader.TokenType == JsonTokenType.String:
                    counts = reader.GetString();
                    break;
                case "counts":
                    runs = Integers(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (size is not [var height, var width])
            throw Malformed();
        if (counts is not null)
            return new Rle(height, width, counts);
        try
        {
            return Rle.FromRuns(height, width, runs ?? throw Malformed());
        }
        catch (InvalidDataException fault)
        {
            throw new JsonException(fault.Message, fault);
        }
    }

    public override void Write(Utf8JsonWriter writer, Rle value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStartObject();
        writer.WriteStartArray("size");
        writer.WriteNumberValue(value.Height);
        writer.WriteNumberValue(value.Width);
        writer.WriteEndArray();
        writer.WriteString("counts", value.Counts);
        writer.WriteEndObject();
    }

    private static int[] Integers(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw Malformed();
        var numbers = new List<int>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            numbers.Add(reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number) ? number : throw Malformed());
        return [.. numbers];
    }

    private static JsonException Malformed() => new("""A mask is {"size":[height,width],"counts":"..."} with COCO's compressed counts, or a list of run lengths as counts.""");
}
