namespace Pipeline.Cli;

/// <summary>A table of plain text with aligned columns, as good in a file as on a terminal.</summary>
public sealed class TextTable(params string[] headings)
{
    private readonly List<string[]> rows = [headings];

    /// <param name="cells">One per heading.</param>
    public void Add(params string[] cells) => rows.Add(cells);

    public void Write(TextWriter output)
    {
        var widths = headings.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
            output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}
