using System.Globalization;
using Pipeline.Contracts.Models;
using Pipeline.Segmentation.Images;
using Pipeline.Segmentation.Superpixels;

namespace Pipeline.Cli.Pruning;

/// <summary>One picture of an image, its superpixels, and for each pruning variant the tokens it kept in each stage and the mask it led to.</summary>
internal sealed record ContactSheet
{
    /// <summary>Side of a panel, pixels: whole pixels a cell for grids of 16 and of 24.</summary>
    public const int Side = 336;

    public const int Margin = 24;
    public const int Gap = 12;

    private const int TextScale = 2;
    private const int Line = TextScale * BitmapFont.LineHeight;
    private const int Letter = TextScale * BitmapFont.Advance;
    private const int LettersOfPanel = Side / Letter;
    private static readonly Rgb Paper = new(22, 25, 30);
    private static readonly Rgb Frame = new(34, 39, 46);
    private static readonly Rgb Ink = new(235, 238, 242);
    private static readonly Rgb Quiet = new(150, 160, 172);

    /// <summary>What was asked of which model; one paragraph each.</summary>
    public required IReadOnlyList<string> Title { get; init; }

    /// <summary>How the numbers were made.</summary>
    public required string Note { get; init; }

    public required RgbImage Image { get; init; }

    /// <summary>Superpixels of the part of the image that the language branch sees, at any resolution.</summary>
    public required LabelMap Superpixels { get; init; }

    /// <summary>Whose layers and grid are meant.</summary>
    public required ModelShape Model { get; init; }

    public required IReadOnlyList<SheetRow> Rows { get; init; }

    /// <returns>A row for the image, then one for each variant: its stages, then its mask.</returns>
    public RgbImage Draw()
    {
        // Names of variants are long; three panels give them room.
        var columns = Math.Max(3, Rows.Max(row => row.Stages.Count) + 1);
        var width = (2 * Margin) + (columns * Side) + ((columns - 1) * Gap);
        var letters = (width - (2 * Margin)) / Letter;
        var title = Wrap(Title, letters);
        var note = BitmapFont.Wrap(Note, letters);
        var captions = Rows.Select(row => Wrap([row.Name, row.Cost], letters)).ToArray();
        var height = (2 * Margin) + Height(title) + captions.Sum(Height) + (note.Count * Line);
        var canvas = new Canvas(width, height, Paper);

        var view = new ClipPreprocessor(Side).View(Image);
        var top = Margin;
        top = DrawBlock(canvas, top, title, [
            (Panels.Fit(Image, Side), $"image, {Image.Width} x {Image.Height}"),
            (Panels.Borders(view, Superpixels), $"seen, {Superpixels.Regions} superpixels")]);
        for (var row = 0; row < Rows.Count; row++)
            top = DrawBlock(canvas, top, captions[row], [.. Stages(Rows[row], view), Mask(Rows[row])]);
        foreach (var line in note)
        {
            canvas.Write(line, Margin, top, TextScale, Quiet);
            top += Line;
        }

        return canvas.ToImage();
    }

    private IEnumerable<(RgbImage Picture, string Caption)> Stages(SheetRow row, RgbImage view)
    {
        for (var stage = 0; stage < row.Stages.Count; stage++)
        {
            var (first, kept) = row.Stages[stage];
            var last = stage + 1 < row.Stages.Count ? row.Stages[stage + 1].FirstLayer - 1 : Model.Layers - 1;
            yield return (
                Panels.Kept(view, Model.GridHeight, Model.GridWidth, kept),
                $"{(first == last ? $"layer {first}" : $"layers {first}-{last}")}: {kept.Count} of {Model.VisualTokens}");
        }
    }

    private (RgbImage Picture, string Caption) Mask(SheetRow row)
    {
        var share = (double)row.Mask.Count(pixel => pixel == 1) / row.Mask.Count;
        return (Panels.Fit(Panels.Masked(Image, row.Mask), Side), string.Create(CultureInfo.InvariantCulture, $"mask, {100 * share:0.0} % of the image"));
    }

    /// <returns>Where the next block starts.</returns>
    private static int DrawBlock(Canvas canvas, int top, IReadOnlyList<string> heading, IEnumerable<(RgbImage Picture, string Caption)> panels)
    {
        for (var line = 0; line < heading.Count; line++)
            canvas.Write(heading[line], Margin, top + (line * Line), TextScale, line == 0 ? Ink : Quiet);
        var (y, x) = (top + (heading.Count * Line) + (Gap / 2), Margin);
        foreach (var (picture, caption) in panels)
        {
            canvas.Fill(x, y, Side, Side, Frame);
            canvas.Draw(picture, x + ((Side - picture.Width) / 2), y + ((Side - picture.Height) / 2));
            canvas.Write(caption[..Math.Min(caption.Length, LettersOfPanel)], x, y + Side + (Gap / 2), TextScale, Quiet);
            x += Side + Gap;
        }

        return top + Height(heading);
    }

    private static int Height(IReadOnlyList<string> heading) => (heading.Count * Line) + (Gap / 2) + Side + (Gap / 2) + Line + Margin;

    private static IReadOnlyList<string> Wrap(IReadOnlyList<string> paragraphs, int letters) =>
        [.. paragraphs.SelectMany(paragraph => BitmapFont.Wrap(paragraph, letters))];
}
