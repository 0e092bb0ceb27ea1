using System.Text;
using System.Text.Json;
using Pipeline.Evaluation;

namespace Pipeline.Contracts.Jobs.Reading;

/// <summary>Reads JSON token by token.</summary>
internal sealed class JsonTree(string text, List<JobFault> faults)
{
    private readonly byte[] bytes = Encoding.UTF8.GetBytes(text);
    private int line = 1;
    private int counted;

    /// <exception cref="JsonException">Not JSON, or nested too deep.</exception>
    public DocumentNode Read()
    {
        if (bytes.AsSpan().IndexOfAnyExcept(" \t\r\n"u8) < 0)
            throw new DocumentFault(1, "is empty; expected an object with name, dataset, model and variants");
        JsonTexts.Require(bytes);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = Document.Deepest });
        reader.Read();
        var root = ReadNode(ref reader, "");
        // Reading on makes the reader refuse whatever follows the value.
        reader.Read();
        return root;
    }

    private DocumentNode ReadNode(ref Utf8JsonReader reader, string path) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadMapping(ref reader, path),
        JsonTokenType.StartArray => ReadList(ref reader, path),
        JsonTokenType.String => new ScalarNode(Line(ref reader), reader.GetString()!, Quoted: true),
        _ => new ScalarNode(Line(ref reader), Encoding.UTF8.GetString(reader.ValueSpan), Quoted: false),
    };

    private ListNode ReadList(ref Utf8JsonReader reader, string path)
    {
        var start = Line(ref reader);
        var items = new List<DocumentNode>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            Document.Add(items, ReadNode(ref reader, $"{path}[{items.Count}]"));
        return new ListNode(start, items);
    }

    private MappingNode ReadMapping(ref Utf8JsonReader reader, string path)
    {
        var start = Line(ref reader);
        var entries = new List<MappingEntry>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var (key, keyLine) = (reader.GetString()!, Line(ref reader));
            reader.Read();
            Document.Add(entries, new MappingEntry(key, keyLine, ReadNode(ref reader, Document.Join(path, key))), path, faults);
        }

        return new MappingNode(start, entries);
    }

    private int Line(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        line += bytes.AsSpan(counted, start - counted).Count((byte)'\n');
        counted = start;
        return line;
    }
}
