using Pipeline.Cli.Commands;
using Pipeline.Cli.Pruning;
using Pipeline.Cli.Tests.Pruning;
using Pipeline.Segmentation;
using Pipeline.Segmentation.Images;
using Pipeline.Segmentation.Lisa;

namespace Pipeline.Cli.Tests.Commands;

public sealed class PruneCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public PruneCommandTests()
    {
        LisaPresets.Write("tiny", folder["tiny"], seed: 1);
        File.WriteAllBytes(folder["wide.png"], ImageCodec.EncodePng(Pictures.Gradient(120, 80)));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_sheet_has_a_row_for_each_variant_and_the_terminal_its_cost()
    {
        var outcome = await PruneAsync("wide.png", folder["tiny"], "none,fastv:layer=2,keep=0.5", "uniform:keep=0.25");

        outcome.Code.ShouldBe(0, outcome.Error);
        outcome.Output.ShouldMatch("(?m)^none +256 of 256 visual tokens in the mean layer, .* TFLOPs, 100.0 % of none$");
        outcome.Output.ShouldMatch("(?m)^fastv:layer=2,keep=0.5 +192 of 256 visual tokens");
        outcome.Output.ShouldMatch("(?m)^uniform:keep=0.25 +64 of 256 visual tokens");
        outcome.Output.TrimEnd().ShouldEndWith(folder["out/sheet.png"]);
        var sheet = ImageCodec.Decode(File.ReadAllBytes(folder["out/sheet.png"]), "sheet");
        sheet.Width.ShouldBe((3 * ContactSheet.Side) + (2 * ContactSheet.Gap) + (2 * ContactSheet.Margin));
        sheet.Height.ShouldBeGreaterThan(4 * ContactSheet.Side);
    }

    [Theory]
    [InlineData("wide.png", "fastV2:keep=0.5", "'fastV2' is not a method; did you mean 'fastv'?")]
    [InlineData("wide.png", "none,fastv:layer=4,keep=0.5", "layer 4 is beyond this model's 4 layers; use 1 to 3")]
    [InlineData("wide.png", "fastv:keep=0", "keep 0 is not above 0")]
    [InlineData("wide.png", "fastv:kep=0.5", "kep is not a setting of 'fastv'; did you mean 'keep'?")]
    [InlineData("gone.png", "none", "gone.png does not exist; expected a JPEG or PNG file")]
    [InlineData("tiny/config.json", "none", "config.json")]
    public async Task What_is_wrong_is_said_before_anything_is_drawn(string image, string variants, string message)
    {
        var outcome = await PruneAsync(image, folder["tiny"], variants);
        outcome.Code.ShouldBe(2);
        outcome.Error.ShouldContain(message);
        File.Exists(folder["out/sheet.png"]).ShouldBeFalse();
    }

    [Fact]
    public async Task A_folder_that_is_no_checkpoint_is_refused()
    {
        (await PruneAsync("wide.png", folder["nothing"], "none")).ShouldSatisfyAllConditions(
            outcome => outcome.Code.ShouldBe(2), outcome => outcome.Error.ShouldContain("nothing does not exist; expected the folder of a LISA checkpoint"));
        (await PruneAsync("wide.png", folder.Path, "none")).Code.ShouldBe(2);
    }

    private Task<Terminal.Outcome> PruneAsync(string image, string model, params string[] variants) => Terminal.RunAsync(
        PruneCommand.Create(new ModelCatalog()),
        [
            "prune", folder[image], "--model", model, "--text", "the red circle", "--out", folder["out/sheet.png"],
            .. variants.SelectMany(list => (string[])["--variants", list]),
        ]);
}
