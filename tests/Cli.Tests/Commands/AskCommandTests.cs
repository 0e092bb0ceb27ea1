using Pipeline.Cli.Commands;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Synthetic;
using Pipeline.Segmentation;
using Pipeline.Segmentation.Images;

namespace Pipeline.Cli.Tests.Commands;

public sealed class AskCommandTests : IDisposable
{
    private static readonly string Demo = FindDemo();
    private readonly TemporaryFolder folder = new();
    private readonly string phrase;

    public AskCommandTests()
    {
        var scene = SyntheticScenes.Render(new SyntheticScene(9, 1, 128, 128));
        phrase = scene.Expressions[0].Text;
        File.WriteAllBytes(folder["scene.png"], ImageCodec.EncodePng(new RgbImage(scene.Width, scene.Height, scene.Rgb)));
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("none")]
    [InlineData("fastv:layer=2,keep=0.5")]
    public async Task The_answer_is_printed_and_its_mask_drawn_on_the_image(string variant)
    {
        var outcome = await AskAsync("--prune", variant, "--out", folder["out/answer.png"]);

        outcome.Code.ShouldBe(0, outcome.Error);
        outcome.Output.ShouldMatch(@"^\[SEG\] \.\n1 mask, 4 new tokens; prompt \d+ ms, answer \d+ ms, masks \d+ ms\n.*answer\.png\n$");
        var drawn = ImageCodec.Decode(File.ReadAllBytes(folder["out/answer.png"]), "answer");
        (drawn.Width, drawn.Height).ShouldBe((128, 128));
    }

    [Fact]
    public async Task An_answer_cut_off_says_so()
    {
        var outcome = await AskAsync("--max-new-tokens", "1");

        outcome.Code.ShouldBe(0, outcome.Error);
        outcome.Output.ShouldContain("1 new tokens, cut off by the limit");
    }

    [Theory]
    [InlineData("--prune", "fastV:keep=1", "'fastV' is not a method; did you mean 'fastv'?")]
    [InlineData("--max-new-tokens", "0", "--max-new-tokens 0 is no number of tokens; use 1 to 8192")]
    [InlineData("--conversation", "llama", "llava_llama_2")]
    [InlineData("--text", "two <image>", "contains <image> or [SEG]")]
    public async Task What_is_wrong_is_said(string option, string value, string message)
    {
        var outcome = await AskAsync(option, value);

        outcome.Code.ShouldBe(2);
        outcome.Error.ShouldContain(message);
    }

    [Fact]
    public async Task A_missing_image_is_named()
    {
        File.Delete(folder["scene.png"]);
        var outcome = await AskAsync();
        outcome.Code.ShouldBe(2);
        outcome.Error.ShouldContain("scene.png does not exist; expected a JPEG or PNG file");
    }

    private static string FindDemo()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "Pipeline.sln")))
            root = root.Parent;
        return Path.Combine(root.FullName, "models", "demo");
    }

    private Task<Terminal.Outcome> AskAsync(params string[] more) => Terminal.RunAsync(
        AskCommand.Create(new ModelCatalog()),
        ["ask", folder["scene.png"], "--model", Demo, .. more.Contains("--text") ? (string[])[] : ["--text", phrase], .. more]);
}
