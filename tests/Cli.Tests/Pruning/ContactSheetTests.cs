using Pipeline.Cli.Pruning;
using Pipeline.Contracts.Models;
using Pipeline.Contracts.Results;
using Pipeline.Segmentation.Images;
using Pipeline.Segmentation.Superpixels;

namespace Pipeline.Cli.Tests.Pruning;

public sealed class ContactSheetTests
{
    private static readonly ModelShape Model = new AnyModelCatalog().Describe("any").Shape;

    [Fact]
    public void A_row_has_a_panel_for_each_stage_and_one_for_the_mask()
    {
        var three = Sheet(Row("a", All, new TokenStage(1, [0, 5]), new TokenStage(3, [5]))).Draw();
        var four = Sheet(Row("a", All, new TokenStage(1, [0, 5]), new TokenStage(2, [0]), new TokenStage(3, [5]))).Draw();
        var two = Sheet(Row("a", All)).Draw();

        (four.Width - three.Width).ShouldBe(ContactSheet.Side + ContactSheet.Gap);
        two.Width.ShouldBe((3 * ContactSheet.Side) + (2 * ContactSheet.Gap) + (2 * ContactSheet.Margin));
    }

    [Fact]
    public void Every_variant_adds_a_row_of_panels()
    {
        var one = Sheet(Row("a", All)).Draw();
        var two = Sheet(Row("a", All), Row("b", All)).Draw();
        two.Width.ShouldBe(one.Width);
        (two.Height - one.Height).ShouldBeGreaterThan(ContactSheet.Side);
    }

    [Fact]
    public void A_long_name_makes_room_for_itself()
    {
        var name = string.Concat(Enumerable.Repeat("pyramiddrop:ratios=[0.5],", 8));
        Sheet(Row(name, All)).Draw().Height.ShouldBeGreaterThan(Sheet(Row("a", All)).Draw().Height);
    }

    [Fact]
    public void The_stage_of_all_tokens_shows_the_centre_square_of_the_image_as_it_is()
    {
        var sheet = Sheet(Row("a", All));
        var drawn = sheet.Draw();
        var view = new ClipPreprocessor(ContactSheet.Side).View(sheet.Image);

        // The panel stands at the left, in the lower half; its top is found by its first row of pixels.
        Enumerable.Range(0, drawn.Height - ContactSheet.Side).ShouldContain(top => Enumerable.Range(0, 40).All(step =>
            drawn.At(ContactSheet.Margin + (8 * step), top + (8 * step)).Equals(view.At(8 * step, 8 * step))));
    }

    private static TokenStage All => new(0, [.. Enumerable.Range(0, Model.VisualTokens)]);

    private static SheetRow Row(string name, params TokenStage[] stages) => new(name, "cost", stages, new byte[60 * 40]);

    private static ContactSheet Sheet(params SheetRow[] rows) => new()
    {
        Title = ["\"text\"", "model"],
        Note = "note",
        Image = Pictures.Gradient(60, 40),
        Superpixels = LabelMap.Of(2, 2, [0, 0, 1, 1]),
        Model = Model,
        Rows = rows,
    };
}
