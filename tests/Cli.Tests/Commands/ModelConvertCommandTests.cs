using Pipeline.Cli.Commands;
using Pipeline.Segmentation.Inspection;
using Pipeline.Segmentation.Lisa;

namespace Pipeline.Cli.Tests.Commands;

public sealed class ModelConvertCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public ModelConvertCommandTests() => LisaPresets.Write("tiny", folder["tiny"], seed: 1);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_checkpoint_becomes_shards_of_the_size_and_type_that_were_asked_for()
    {
        var outcome = await ConvertAsync(folder["tiny"], "--out", folder["new"], "--dtype", "float32", "--shard-size", "900kb");

        outcome.Code.ShouldBe(0, outcome.Error);
        outcome.Output.ShouldBe($"{folder["new"]}: {folder["tiny"]} as safetensors; its vision tower is in {folder["new/clip-vit-tiny"]}\n");
        outcome.Error.ShouldMatch("(?m)^  model-00001-of-0000[0-9].safetensors  0\\.[0-9] MB$");
        var inspection = CheckpointInspector.Inspect(folder["new"]);
        inspection.Faults.ShouldBeEmpty();
        inspection.Parts.ShouldAllBe(part => part.Dtypes.Keys.Single() == "float32" && part.Files.All(file => file.Bytes < 950_000));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("5TB")]
    [InlineData("GB")]
    [InlineData("1.5GB")]
    [InlineData("999999999999999GB")]
    public async Task A_shard_size_that_is_none_says_what_would_be_right(string size)
    {
        var outcome = await ConvertAsync(folder["tiny"], "--out", folder["new"], $"--shard-size={size}");

        outcome.Code.ShouldBe(2);
        outcome.Error.ShouldContain($"--shard-size {size} is not a size; use a whole number above 0 with KB, MB or GB, such as 5GB");
        Directory.Exists(folder["new"]).ShouldBeFalse();
    }

    [Fact]
    public async Task A_folder_with_something_in_it_and_a_source_that_is_none_are_bad_input()
    {
        var same = await ConvertAsync(folder["tiny"], "--out", folder["tiny"]);
        same.Code.ShouldBe(2);
        same.Error.ShouldContain("is not empty; choose a folder that does not exist yet");

        var none = await ConvertAsync(folder["nowhere"], "--out", folder["new"]);
        none.Code.ShouldBe(2);
        none.Error.ShouldContain("nowhere is no folder; expected that of a checkpoint");

        CheckpointInspector.Inspect(folder["tiny"]).Whole.ShouldBeTrue();
    }

    private static Task<Terminal.Outcome> ConvertAsync(params string[] arguments) => Terminal.RunAsync(ModelConvertCommand.Create(), ["convert", .. arguments]);
}
