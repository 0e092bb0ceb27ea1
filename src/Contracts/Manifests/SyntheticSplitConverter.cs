using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pipeline.Contracts.Manifests;

/// <summary>A split as its name; an unknown one is refused with the names there are.</summary>
public sealed class SyntheticSplitConverter : JsonConverter<SyntheticSplit>
{
    public override SyntheticSplit Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException("the split of the synthetic scenes must be text");
        try
        {
            return SyntheticSplits.Parse(reader.GetString()!);
        }
        catch (FormatException fault)
        {
            throw new JsonException(fault.Message, fault);
        }
    }

    public override void Write(Utf8JsonWriter writer, SyntheticSplit value, JsonSerializerOptions options) => writer.WriteStringValue(SyntheticSplits.Name(value));
}
