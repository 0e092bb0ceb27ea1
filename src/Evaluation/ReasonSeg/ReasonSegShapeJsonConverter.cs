using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pipeline.Evaluation.ReasonSeg;

/// <summary>A polygon as ReasonSeg's files have it: <c>{"label": "target", "points": [[x, y], ...]}</c>. Other members are skipped.</summary>
public sealed class ReasonSegShapeJsonConverter : JsonConverter<ReasonSegShape>
{
    public override ReasonSegShape Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Malformed();
        string? label = null;
        List<(double, double)>? points = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "label" when reader.TokenType == JsonTokenType.String:
                    label = reader.GetString();
                    break;
                case "points" when reader.TokenType == JsonTokenType.StartArray:
                    points = ReadPoints(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new ReasonSegShape(label ?? throw Malformed(), points ?? throw Malformed());
    }

    public override void Write(Utf8JsonWriter writer, ReasonSegShape value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStartObject();
        writer.WriteString("label", value.Label);
        writer.WriteStartArray("points");
        foreach (var (x, y) in value.Points)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(x);
            writer.WriteNumberValue(y);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static List<(double, double)> ReadPoints(ref Utf8JsonReader reader)
    {
        var points = new List<(double, double)>();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartArray)
        {
            points.Add((Number(ref reader), Number(ref reader)));
            if (!reader.Read() || reader.TokenType != JsonTokenType.EndArray)
                throw Malformed();
        }

        return reader.TokenType == JsonTokenType.EndArray ? points : throw Malformed();
    }

    private static double Number(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var number) ? number : throw Malformed();

    private static JsonException Malformed() => new("""A polygon is {"label":"target","points":[[x,y],...]}.""");
}
