using System.Globalization;
using Pipeline.Contracts.Text;

namespace Pipeline.Cli.Inspection;

/// <summary>Findings for people.</summary>
internal static class FindingsText
{
    public static void Write(DatasetFindings findings, TextWriter output)
    {
        var table = new TextTable("samples", $"{findings.Samples}");
        foreach (var (name, value) in Rows(findings))
            table.Add(name, value);
        table.Write(output);
        List(output, "images that cannot be used", findings.Images.Missing + findings.Images.Broken, findings.Images.Faults);
        List(output, "masks that cannot be used", findings.Masks.Broken, findings.Masks.Faults);
        List(output, "images with the content of an earlier one", findings.Images.Duplicates, findings.Images.Same);
    }

    private static IEnumerable<(string Name, string Value)> Rows(DatasetFindings findings)
    {
        var (expressions, images, masks) = (findings.Expressions, findings.Images, findings.Masks);
        foreach (var (reason, count) in findings.Skipped)
            yield return ("left out", $"{count} {reason}");
        yield return ("expressions", $"{expressions.Count}: {expressions.Phrases} phrases, {expressions.Sentences} sentences; {expressions.WithTruth} with truth");
        if (expressions.Kinds.Count > 0)
            yield return ("kinds", string.Join(", ", expressions.Kinds.Select(kind => $"{PlainLine.Of(kind.Key)} {kind.Value}")));
        yield return ("images", $"{images.Missing} missing, {images.Broken} broken, {images.Duplicates} duplicates");
        if (images is { Width: { } width, Height: { } height })
        {
            yield return ("width", $"{width.Min} to {width.Max} pixels, median {width.Median}");
            yield return ("height", $"{height.Min} to {height.Max} pixels, median {height.Median}");
        }

        yield return ("masks", $"{masks.Usable} usable, {masks.Broken} broken; {masks.Empty} empty, {masks.Ignoring} with ignored pixels, {masks.Overlapping} with overlapping parts");
        if (masks.Share is { } share)
            yield return ("mask area", $"{Percent(share.Min)} to {Percent(share.Max)} of the image, median {Percent(share.Median)}");
    }

    private static void List(TextWriter output, string what, long count, IReadOnlyList<string> first)
    {
        if (count == 0)
            return;
        output.WriteLine();
        output.WriteLine($"{count} {what}:");
        foreach (var line in first)
            output.WriteLine($"  {PlainLine.Of(line)}");
        if (count > first.Count)
            output.WriteLine($"  and {count - first.Count} more");
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.###} %");
}
