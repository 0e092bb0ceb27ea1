using System.Text.Json;

namespace Pipeline.Evaluation.Coco;

/// <summary>Streams the items of the lists in a JSON file: a list, or an object of lists. Memory is that of the largest item.</summary>
internal sealed class JsonLists : IDisposable
{
    /// <summary>Bytes an item may have.</summary>
    private const int LongestItem = 64 << 20;

    private readonly string name;
    private readonly FileStream stream;
    private byte[] buffer = new byte[256 << 10];
    private int start;
    private int end;
    private bool ended;
    private JsonReaderState state;
    private Where where = Where.Before;
    private string list = "";
    private int index;
    private long passed;

    private JsonLists(string path)
    {
        name = Path.GetFileName(path);
        stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
    }

    private enum Where
    {
        Before,
        InObject,
        AtValue,
        InList,
        After,
    }

    /// <summary>Where an item stands in its file.</summary>
    /// <param name="List">Name of its list; empty where the file is one list.</param>
    /// <param name="Start">First byte.</param>
    /// <param name="Length">Bytes.</param>
    public sealed record Entry(string List, JsonItem Item, long Start, int Length);

    /// <exception cref="InvalidDataException">Not JSON, neither a list nor an object, or an item of more than 64 MB.</exception>
    /// <returns>An item is gone when the next one is read.</returns>
    public static IEnumerable<Entry> Read(string path)
    {
        using var reader = new JsonLists(path);
        while (reader.Next() is var (document, entry))
        {
            using (document)
                yield return entry;
        }
    }

    public void Dispose() => stream.Dispose();

    private (JsonDocument Document, Entry Entry)? Next()
    {
        try
        {
            while (true)
            {
                var reader = new Utf8JsonReader(buffer.AsSpan(start, end - start), ended, state);
                var moved = Step(ref reader, out var found);
                if (moved)
                {
                    start += (int)reader.BytesConsumed;
                    state = reader.CurrentState;
                    if (found is not null)
                        return found;
                }
                else if (where == Where.After && ended)
                {
                    return null;
                }
                else
                {
                    Fill();
                }
            }
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{name}{(fault.LineNumber is { } line ? $":{line + 1}" : "")}: not JSON: {Reason(fault)}", fault);
        }
        catch (InvalidOperationException fault)
        {
            throw new InvalidDataException($"{name}: not JSON: the name of a list is no valid text: {fault.Message}", fault);
        }
    }

    /// <returns>False where the rest of the buffer does not hold the next step whole.</returns>
    private bool Step(ref Utf8JsonReader reader, out (JsonDocument, Entry)? found)
    {
        found = null;
        if (!reader.Read())
            return false;
        switch (where)
        {
            case Where.Before:
                where = reader.TokenType switch
                {
                    JsonTokenType.StartArray => Where.InList,
                    JsonTokenType.StartObject => Where.InObject,
                    var other => throw new InvalidDataException($"{name}: expected a list, or an object of lists, found {other}"),
                };
                return true;
            case Where.InObject when reader.TokenType == JsonTokenType.EndObject:
                where = Where.After;
                return true;
            case Where.InObject:
                (list, index, where) = (reader.GetString()!, 0, Where.AtValue);
                return true;
            case Where.AtValue when reader.TokenType == JsonTokenType.StartArray:
                where = Where.InList;
                return true;
            case Where.AtValue:
                if (!reader.TrySkip())
                    return false;
                where = Where.InObject;
                return true;
            case Where.InList when reader.TokenType == JsonTokenType.EndArray:
                where = reader.CurrentDepth == 0 ? Where.After : Where.InObject;
                return true;
            default:
                var first = reader.TokenStartIndex;
                if (!JsonDocument.TryParseValue(ref reader, out var document))
                    return false;
                JsonTexts.Require(buffer.AsSpan(start + (int)first, (int)(reader.BytesConsumed - first)));
                var item = new JsonItem(name, $"{list}[{index++}]", document.RootElement);
                found = (document, new Entry(list, item, passed + start + first, (int)(reader.BytesConsumed - first)));
                return true;
        }
    }

    private void Fill()
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (passed, end, start) = (passed + start, end - start, 0);
        if (end == buffer.Length)
        {
            if (buffer.Length >= LongestItem)
                throw new InvalidDataException($"{name}: {(list.Length > 0 ? list : "the list")}[{index}] has more than {LongestItem >> 20} MB; that is no annotation");
            Array.Resize(ref buffer, 2 * buffer.Length);
        }

        var read = stream.Read(buffer, end, buffer.Length - end);
        if (passed == 0 && end == 0 && buffer.AsSpan(0, read).StartsWith("\uFEFF"u8))
            start = 3;
        end += read;
        ended = read == 0;
    }

    /// <summary>Without the reader's own line count, which starts at zero.</summary>
    private static string Reason(JsonException fault)
    {
        var tail = fault.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return tail < 0 ? fault.Message : fault.Message[..tail];
    }
}
