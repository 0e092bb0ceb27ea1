using System.Text.Json.Nodes;
using Pipeline.Cli.Commands;
using Pipeline.Segmentation.Lisa;

namespace Pipeline.Cli.Tests.Commands;

public sealed class ModelInspectCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_whole_model_is_described_and_ends_with_0()
    {
        LisaPresets.Write("tiny", folder["tiny"], seed: 1);

        var outcome = await InspectAsync(folder["tiny"]);

        outcome.Code.ShouldBe(0, outcome.Error);
        outcome.Output.ShouldMatch("(?m)^kind +lisa, LISAForCausalLM, random weights$");
        outcome.Output.ShouldMatch("(?m)^language model +4 layers of width 96, feed-forward 256, 4 heads$");
        outcome.Output.ShouldMatch("(?m)^vision tower +3 layers of width 64, 4 heads, 224 pixels in patches of 14: 256 visual tokens$");
        outcome.Output.ShouldMatch(@"(?m)^tokenizer +[0-9]+ tokens, \[SEG\] is [0-9]+$");
        outcome.Output.ShouldMatch("(?m)^  decoder layers +36 ");
        outcome.Output.ShouldMatch("(?m)^bfloat16 +2\\.45 MB +491\\.52 KB +[0-9.]+ MB +[0-9.]+ MB +[0-9.]+ MB$");
        outcome.Output.ShouldEndWith("\nwhole\n");
    }

    [Fact]
    public async Task Json_has_the_fields_that_are_documented()
    {
        LisaPresets.Write("tiny", folder["tiny"], seed: 1);

        var outcome = await InspectAsync(folder["tiny"], "--json");

        outcome.Code.ShouldBe(0, outcome.Error);
        var answer = JsonNode.Parse(outcome.Output)!.AsObject();
        Keys(answer).ShouldBe(["path", "kind", "whole", "faults", "architecture", "randomWeights", "conversation", "language", "vision", "masks", "tokenizer", "parts", "memory"]);
        Keys(answer["language"]).ShouldBe(["layers", "width", "feedForward", "heads", "keyValueHeads", "vocabulary", "normEpsilon", "ropeTheta"]);
        Keys(answer["vision"]).ShouldBe(["imageSize", "patchSize", "visualTokens", "layers", "width", "feedForward", "heads", "selectLayer"]);
        Keys(answer["masks"]).ShouldBe(["imageSize", "patchSize", "blocks", "width", "heads", "window", "globalBlocks", "promptWidth", "decoderHeads"]);
        Keys(answer["tokenizer"]).ShouldBe(["tokens", "seg", "imageStart", "imageEnd"]);
        var part = answer["parts"]![0];
        Keys(part).ShouldBe(["name", "path", "format", "sharded", "files", "tensors", "parameters", "bytes", "dtypes", "modules", "missing", "misshapen", "unexpected", "series"]);
        Keys(part!["files"]![0]).ShouldBe(["name", "bytes"]);
        Keys(part["modules"]![0]).ShouldBe(["name", "tensors", "parameters", "bytes"]);
        Keys(part["series"]![0]).ShouldBe(["name", "count", "shape", "dtype", "bytes"]);
        Keys(answer["memory"]![0]).ShouldBe(["dtype", "weights", "keyValueCache", "prefill", "maskEncoder", "total"]);

        static IEnumerable<string> Keys(JsonNode? node) => node!.AsObject().Select(entry => entry.Key);
    }

    [Fact]
    public async Task What_is_not_whole_ends_with_1_and_says_why()
    {
        LisaPresets.Write("tiny", folder["tiny"], seed: 1);
        Directory.Delete(folder["tiny/clip-vit-tiny"], recursive: true);

        var outcome = await InspectAsync(folder["tiny"]);

        outcome.Code.ShouldBe(1);
        outcome.Error.ShouldBeEmpty();
        outcome.Output.ShouldMatch("(?m)^vision tower +not found$");
        outcome.Output.ShouldMatch("(?m)^not whole:\n  .*vision_tower 'clip-vit-tiny' was not found");
        JsonNode.Parse((await InspectAsync(folder["tiny"], "--json")).Output)!["whole"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public async Task A_weight_file_is_a_table_of_its_tensors()
    {
        LisaPresets.Write("tiny", folder["tiny"], seed: 1);

        var outcome = await InspectAsync(folder["tiny/model.safetensors"]);

        outcome.Code.ShouldBe(0, outcome.Error);
        outcome.Output.ShouldMatch("(?m)^  model\\.layers\\.N\\.mlp\\.down_proj\\.weight +4 +96x256 +bfloat16 +196,608$");
    }

    [Fact]
    public async Task A_file_that_holds_no_tensors_ends_with_1_and_nothing_at_all_with_2()
    {
        var damaged = await InspectAsync(folder.Write("model.bin", "<html>"));
        damaged.Code.ShouldBe(1);
        damaged.Output.ShouldContain("no zip archive as torch.save writes it");

        var missing = await InspectAsync(folder["nowhere"]);
        missing.Code.ShouldBe(2);
        missing.Error.ShouldContain("nowhere does not exist; expected the folder of a checkpoint or a weight file");
    }

    private static Task<Terminal.Outcome> InspectAsync(params string[] arguments) => Terminal.RunAsync(ModelInspectCommand.Create(), ["inspect", .. arguments]);
}
