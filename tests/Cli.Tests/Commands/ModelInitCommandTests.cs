using Pipeline.Cli.Commands;
using Pipeline.Segmentation;

namespace Pipeline.Cli.Tests.Commands;

public sealed class ModelInitCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_tiny_preset_is_a_checkpoint_that_says_its_weights_are_random()
    {
        var outcome = await InitAsync("--preset", "tiny", "--out", folder["tiny"], "--seed", "3");

        outcome.Code.ShouldBe(0, outcome.Error);
        outcome.Output.ShouldBe($"{folder["tiny"]}: LISA checkpoint 'tiny' with random weights, seed 3\n");
        var model = new ModelCatalog().Describe(folder["tiny"]);
        model.RandomWeights.ShouldBeTrue();
        model.Shape.VisualTokens.ShouldBe(256);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_weights_and_another_seed_others()
    {
        await InitAsync("--preset", "tiny", "--out", folder["a"]);
        await InitAsync("--preset", "tiny", "--out", folder["b"], "--seed", "0");
        await InitAsync("--preset", "tiny", "--out", folder["c"], "--seed", "1");

        var catalog = new ModelCatalog();
        var hash = catalog.Describe(folder["a"]).WeightsHash;
        catalog.Describe(folder["b"]).WeightsHash.ShouldBe(hash);
        catalog.Describe(folder["c"]).WeightsHash.ShouldNotBe(hash);
    }

    [Fact]
    public async Task An_unknown_preset_is_refused_with_those_there_are()
    {
        var outcome = await InitAsync("--preset", "huge", "--out", folder["x"]);
        outcome.Code.ShouldBe(2);
        outcome.Error.ShouldContain("'huge' not recognized");
        outcome.Error.ShouldContain("'tiny'");
        Directory.Exists(folder["x"]).ShouldBeFalse();
    }

    private static Task<Terminal.Outcome> InitAsync(params string[] options) => Terminal.RunAsync(ModelInitCommand.Create(), ["init", .. options]);
}
