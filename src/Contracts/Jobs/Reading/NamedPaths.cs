using System.Text;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Pipeline.Contracts.Jobs.Reading;

/// <summary>The paths that a job file names and where in its text they stand.</summary>
internal static class NamedPaths
{
    private static readonly string[] Keys = ["dataset.path", "dataset.images", "model.checkpoint"];

    /// <summary>A path as it is written.</summary>
    /// <param name="Start">First byte of the value, quotes included.</param>
    /// <param name="End">First byte after it.</param>
    internal sealed record Place(int Start, int End, string Path);

    /// <returns>In the order of the text.</returns>
    /// <exception cref="YamlException">Not YAML.</exception>
    /// <exception cref="JsonException">Not JSON.</exception>
    public static IReadOnlyList<Place> InJson(ReadOnlySpan<byte> content)
    {
        var places = new List<Place>();
        var reader = new Utf8JsonReader(content, new JsonReaderOptions { MaxDepth = Document.Deepest });
        var section = "";
        var key = "";
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
                (section, key) = reader.CurrentDepth == 1 ? (reader.GetString()!, "") : (section, reader.CurrentDepth == 2 ? reader.GetString()! : "");
            else if (reader.TokenType == JsonTokenType.String && reader.CurrentDepth == 2 && Keys.Contains(Document.Join(section, key)))
                places.Add(new Place((int)reader.TokenStartIndex, (int)reader.BytesConsumed, reader.GetString()!));
        }

        return places;
    }

    /// <returns>In the order of the text.</returns>
    /// <exception cref="YamlException">Not YAML.</exception>
    public static IReadOnlyList<Place> InYaml(string text)
    {
        var places = new List<Place>();
        var parser = new Parser(new StringReader(text));
        parser.Consume<StreamStart>();
        if (parser.TryConsume<DocumentStart>(out _))
            Read("", 0);
        return places;

        void Read(string path, int depth)
        {
            var next = parser.Consume<ParsingEvent>();
            if (next is Scalar scalar && Keys.Contains(path))
                places.Add(new Place(ByteAt(text, scalar.Start), ByteAt(text, scalar.End), scalar.Value));
            if (depth > Document.Deepest)
                throw new YamlException("nested too deep");
            if (next is SequenceStart)
            {
                while (!parser.TryConsume<SequenceEnd>(out _))
                    Read("[]", depth + 1);
            }
            else if (next is MappingStart)
            {
                while (!parser.TryConsume<MappingEnd>(out _))
                {
                    if (parser.Accept<Scalar>(out var key))
                        parser.MoveNext();
                    else
                        Read("[]", depth + 1);
                    Read(Document.Join(path, key?.Value ?? "[]"), depth + 1);
                }
            }
        }
    }

    private static int ByteAt(string text, Mark mark) => Encoding.UTF8.GetByteCount(text.AsSpan(0, (int)mark.Index));
}
