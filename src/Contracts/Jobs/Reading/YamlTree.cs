using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Pipeline.Contracts.Jobs.Reading;

/// <summary>Reads YAML event by event. Anchors, aliases and tags are refused: a job needs none, and they make small files large.</summary>
internal sealed class YamlTree(string text, List<JobFault> faults)
{
    private readonly Parser parser = new(new StringReader(text));

    /// <exception cref="YamlException">Not YAML.</exception>
    /// <exception cref="DocumentFault">Empty, or uses what a job file may not.</exception>
    public DocumentNode Read()
    {
        try
        {
            return ReadStream();
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException or EndOfStreamException)
        {
            // YamlDotNet's scanner answers some malformed text with these instead of a YamlException.
            var line = parser.Current is { } current ? Line(current) : 1;
            throw new DocumentFault(line, $"line {line}: not YAML: what follows cannot be read");
        }
    }

    private DocumentNode ReadStream()
    {
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out _))
            throw new DocumentFault(1, "is empty; expected a mapping with name, dataset, model and variants");
        parser.Consume<DocumentStart>();
        var root = ReadNode("", depth: 0);
        parser.Consume<DocumentEnd>();
        if (!parser.Accept<StreamEnd>(out _))
            throw new DocumentFault(Line(parser.Current!), $"line {Line(parser.Current!)}: a second document begins; a job file holds one");
        return root;
    }

    private DocumentNode ReadNode(string path, int depth)
    {
        var next = parser.Consume<ParsingEvent>();
        if (next is AnchorAlias || next is NodeEvent { Anchor.IsEmpty: false })
            throw new DocumentFault(Line(next), $"line {Line(next)}: anchors (&) and aliases (*) are not allowed in a job file; write the value out");
        if (next is NodeEvent { Tag.IsEmpty: false })
            throw new DocumentFault(Line(next), $"line {Line(next)}: tags (!) are not allowed in a job file; remove it");
        if (depth > Document.Deepest)
            throw new DocumentFault(Line(next), $"line {Line(next)}: nested more than {Document.Deepest} deep");
        return next switch
        {
            Scalar scalar => new ScalarNode(Line(next), scalar.Value, scalar.Style != ScalarStyle.Plain),
            SequenceStart => ReadList(Line(next), path, depth),
            MappingStart => ReadMapping(Line(next), path, depth),
            _ => throw new DocumentFault(Line(next), $"line {Line(next)}: expected a value"),
        };
    }

    private ListNode ReadList(int line, string path, int depth)
    {
        var items = new List<DocumentNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
            Document.Add(items, ReadNode($"{path}[{items.Count}]", depth + 1));
        return new ListNode(line, items);
    }

    private MappingNode ReadMapping(int line, string path, int depth)
    {
        var entries = new List<MappingEntry>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (ReadNode(path, depth + 1) is not ScalarNode key)
                throw new DocumentFault(Line(parser.Current!), $"line {Line(parser.Current!)}: a key must be a word");
            Document.Add(entries, new MappingEntry(key.Text, key.Line, ReadNode(Document.Join(path, key.Text), depth + 1)), path, faults);
        }

        return new MappingNode(line, entries);
    }

    private static int Line(ParsingEvent at) => (int)at.Start.Line;
}
