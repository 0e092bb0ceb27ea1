using System.Text.Json.Nodes;
using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Inspection;
using Pipeline.Segmentation.Lisa;
using Pipeline.Segmentation.Tests.Checkpoints;
using Pipeline.Segmentation.Tests.Images;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Inspection;

public sealed class CheckpointInspectorTests : IDisposable
{
    private static readonly string Lisa = Path.Combine(GoldenFile.Root, "lisa");

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_whole_model_is_described_with_all_its_sizes()
    {
        LisaPresets.Write("tiny", folder.File("tiny"), seed: 1);

        var inspection = CheckpointInspector.Inspect(folder.File("tiny"));

        inspection.Faults.ShouldBeEmpty();
        inspection.Whole.ShouldBeTrue();
        inspection.Kind.ShouldBe("lisa");
        inspection.Architecture.ShouldBe("LISAForCausalLM");
        inspection.RandomWeights.ShouldBe(true);
        inspection.Conversation.ShouldBe("llava_v1");
        var tokenizer = inspection.Tokenizer.ShouldNotBeNull();
        inspection.Language.ShouldBe(new LanguageSizes(4, 96, 256, 4, 4, tokenizer.Tokens, 1e-6, 10000));
        inspection.Vision.ShouldBe(new VisionSizes(224, 14, 256, 3, 64, 128, 4, -2));
        var masks = inspection.Masks.ShouldNotBeNull();
        (masks.ImageSize, masks.PatchSize, masks.Blocks, masks.Width, masks.Heads, masks.Window, masks.PromptWidth, masks.DecoderHeads).ShouldBe((256, 16, 4, 64, 4, 7, 64, 4));
        masks.GlobalBlocks.ShouldBe([1, 3]);
        tokenizer.ShouldBe(new TokenizerFacts(tokenizer.Tokens, tokenizer.Tokens - 3, tokenizer.Tokens - 2, tokenizer.Tokens - 1));
    }

    [Fact]
    public void A_file_behind_a_link_of_the_hubs_cache_has_its_own_size()
    {
        LisaPresets.Write("tiny", folder.File("hub/snapshots/abc"), seed: 1);
        Directory.CreateDirectory(folder.File("hub/blobs"));
        var file = Directory.GetFiles(folder.File("hub/snapshots/abc"), "*.safetensors").Single();
        File.Move(file, folder.File("hub/blobs/0123"));
        File.CreateSymbolicLink(file, "../../blobs/0123");

        var inspection = CheckpointInspector.Inspect(folder.File("hub/snapshots/abc"));

        inspection.Whole.ShouldBeTrue();
        inspection.Parts[0].Files.ShouldHaveSingleItem().Bytes.ShouldBe(new FileInfo(folder.File("hub/blobs/0123")).Length);
    }

    [Fact]
    public void Modules_add_up_to_the_files_and_to_the_weights_in_memory()
    {
        LisaPresets.Write("tiny", folder.File("tiny"), seed: 1);

        var inspection = CheckpointInspector.Inspect(folder.File("tiny"));

        inspection.Parts.Select(part => part.Name).ShouldBe(["checkpoint", "visionTower"]);
        foreach (var part in inspection.Parts)
        {
            part.Modules.Sum(module => module.Parameters).ShouldBe(part.Parameters);
            part.Modules.Sum(module => module.Tensors).ShouldBe(part.Tensors);
            part.Bytes.ShouldBe(2 * part.Parameters);
            part.Series.Sum(series => series.Count).ShouldBe(part.Tensors);
            part.Series.Sum(series => series.Bytes).ShouldBe(part.Bytes);
            part.Dtypes.ShouldBe(new Dictionary<string, int> { ["bfloat16"] = part.Tensors });
            part.Files.Count.ShouldBe(1);
            part.Files[0].Bytes.ShouldBeInRange(part.Bytes, part.Bytes + 200_000);
            (part.Missing!.Count + part.Misshapen!.Count + part.Unexpected!.Count).ShouldBe(0);
        }

        inspection.Parts[0].Modules.ShouldNotContain(module => module.Name == "other");
        inspection.Memory.Select(row => row.Dtype).ShouldBe(["float32", "bfloat16", "float16"]);
        inspection.Memory[0].Weights.ShouldBe(4 * inspection.Parts.Sum(part => part.Parameters));
        inspection.Memory[1].Weights.ShouldBe(2 * inspection.Parts.Sum(part => part.Parameters));
        // Keys and values of 4 layers, 256 visual and 64 text tokens, width 96, two bytes each.
        inspection.Memory[1].KeyValueCache.ShouldBe(2 * 4 * 320 * 96 * 2);
        inspection.Memory[1].Total.ShouldBe(inspection.Memory[1].Weights + inspection.Memory[1].KeyValueCache!.Value + Math.Max(inspection.Memory[1].Prefill!.Value, inspection.Memory[1].MaskEncoder!.Value));
    }

    [Fact]
    public void Published_files_are_whole_but_for_the_tokenizer_that_they_lack()
    {
        var inspection = CheckpointInspector.Inspect(Path.Combine(Lisa, "checkpoint_bin_bf16"));

        inspection.Faults.Count.ShouldBe(1);
        inspection.Faults[0].ShouldContain("tokenizer.model does not exist");
        inspection.Parts[0].Format.ShouldBe("pytorch");
        inspection.Parts[0].Sharded.ShouldBeTrue();
        inspection.Parts[0].Files.Count.ShouldBe(3);
        inspection.Parts[1].Format.ShouldBe("pytorch");
        inspection.Parts[1].Sharded.ShouldBeFalse();
        inspection.Language!.Layers.ShouldBe(3);
        inspection.Masks!.PromptWidth.ShouldBe(32);
    }

    [Fact]
    public void A_model_without_its_vision_tower_is_described_without_it()
    {
        LisaPresets.Write("tiny", folder.File("tiny"), seed: 1);
        Directory.Delete(folder.File("tiny/clip-vit-tiny"), recursive: true);

        var inspection = CheckpointInspector.Inspect(folder.File("tiny"));

        inspection.Faults.Count.ShouldBe(1);
        inspection.Faults[0].ShouldContain("vision_tower 'clip-vit-tiny' was not found; looked for its config.json in");
        inspection.Vision.ShouldBeNull();
        inspection.Language!.Width.ShouldBe(96);
        inspection.Masks!.Width.ShouldBe(64);
        inspection.Parts.Count.ShouldBe(1);
        inspection.Parts[0].Missing.ShouldBe([]);
        inspection.Memory[0].KeyValueCache.ShouldBeNull();
    }

    [Fact]
    public void What_is_missing_misshapen_and_unexpected_is_listed_for_each_part()
    {
        LisaPresets.Write("tiny", folder.File("tiny"), seed: 1);
        Change(folder.File("tiny/model.safetensors"), tensors =>
        {
            tensors.Remove("lm_head.weight");
            tensors["model.norm.weight"] = zeros(7);
            tensors["model.extra"] = zeros(1);
        });
        Change(folder.File("tiny/clip-vit-tiny/model.safetensors"), tensors => tensors.Remove("vision_model.pre_layrnorm.bias"));

        var inspection = CheckpointInspector.Inspect(folder.File("tiny"));

        inspection.Parts[0].Missing.ShouldBe(["lm_head.weight"]);
        inspection.Parts[0].Misshapen.ShouldBe(["'model.norm.weight' has shape (7); expected (96)"]);
        inspection.Parts[0].Unexpected.ShouldBe(["model.extra"]);
        inspection.Parts[1].Missing.ShouldBe(["vision_model.pre_layrnorm.bias"]);
        inspection.Faults.Count.ShouldBe(2);
        inspection.Faults[0].ShouldContain("1 tensor is missing: lm_head.weight");
        inspection.Faults[1].ShouldContain("vision_model.pre_layrnorm.bias");
    }

    [Fact]
    public void A_truncated_file_is_described_up_to_where_it_ends()
    {
        LisaPresets.Write("tiny", folder.File("tiny"), seed: 1);
        var file = folder.File("tiny/model.safetensors");
        var whole = CheckpointInspector.Inspect(file).Parts[0].Tensors;
        using (var stream = File.OpenWrite(file))
            stream.SetLength(stream.Length / 2);

        var inspection = CheckpointInspector.Inspect(folder.File("tiny"));

        var found = inspection.Parts[0].Tensors;
        found.ShouldBeInRange(1, whole - 1);
        // Of a network that is not there at all, those of the published size are listed.
        inspection.Parts[0].Missing!.ShouldContain("model.norm.weight");
        inspection.Language!.Layers.ShouldBe(4);
        inspection.Faults.ShouldContain(fault => fault.Contains($"is the file complete? {whole - found} of its {whole} tensors are not wholly there"));
    }

    [Fact]
    public void A_missing_shard_and_a_damaged_one_leave_the_others()
    {
        LisaPresets.Write(LisaPreset.Tiny, folder.File("tiny"), 1, shardBytes: 400_000, _ => { }, CancellationToken.None);
        var shards = Directory.GetFiles(folder.File("tiny"), "*.safetensors").Order(StringComparer.Ordinal).ToList();
        File.Delete(shards[1]);
        File.WriteAllText(shards[2], "<html>not found</html>");

        var inspection = CheckpointInspector.Inspect(folder.File("tiny"));

        inspection.Parts[0].Files.Count.ShouldBe(shards.Count - 2);
        inspection.Faults.ShouldContain(fault => fault.Contains("a file of this checkpoint is missing: model-00002-of-"));
        inspection.Faults.ShouldContain(fault => fault.StartsWith(shards[2], StringComparison.Ordinal));
        inspection.Parts[0].Missing!.Count.ShouldBeGreaterThan(0);
        inspection.Masks.ShouldNotBeNull();
    }

    [Fact]
    public void An_index_that_cannot_be_read_leaves_the_files()
    {
        LisaPresets.Write(LisaPreset.Tiny, folder.File("tiny"), 1, shardBytes: 400_000, _ => { }, CancellationToken.None);
        File.WriteAllText(folder.File("tiny/model.safetensors.index.json"), "{");

        var inspection = CheckpointInspector.Inspect(folder.File("tiny"));

        inspection.Faults.Count.ShouldBe(1);
        inspection.Faults[0].ShouldContain("model.safetensors.index.json");
        inspection.Parts[0].Missing.ShouldBe([]);
    }

    [Theory]
    [InlineData("""{"train_mask_decoder":true}""", "field 'vision_tower' is missing")]
    [InlineData("""{"train_mask_decoder":true,"vision_tower":7}""", "field 'vision_tower' is 7")]
    [InlineData("""{"train_mask_decoder":true,"vision_tower":"clip-vit-tiny"}""", "field 'num_attention_heads' is missing")]
    [InlineData("""{"train_mask_decoder":""", "not valid JSON")]
    [InlineData("""[]""", "expected a JSON object")]
    [InlineData("""{"model_type":"llama"}""", "field 'num_attention_heads' is missing")]
    [InlineData("""{"model_type":"clip"}""", "field 'num_attention_heads' is missing")]
    public void A_configuration_that_makes_no_sense_leaves_the_tensors(string config, string fault)
    {
        LisaPresets.Write("tiny", folder.File("tiny"), seed: 1);
        File.WriteAllText(folder.File("tiny/config.json"), config);

        var inspection = CheckpointInspector.Inspect(folder.File("tiny"));

        inspection.Faults.ShouldContain(text => text.Contains(fault));
        inspection.Parts[0].Tensors.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void A_vision_tower_alone_is_described()
    {
        var inspection = CheckpointInspector.Inspect(Path.Combine(Lisa, "clip-vit-tiny"));

        inspection.Faults.ShouldBeEmpty();
        inspection.Kind.ShouldBe("clip");
        inspection.Vision.ShouldNotBeNull().Width.ShouldBe(48);
        inspection.Vision.SelectLayer.ShouldBeNull();
        inspection.Language.ShouldBeNull();
        inspection.Memory[0].Weights.ShouldBe(4 * inspection.Parts[0].Parameters);
    }

    [Fact]
    public void A_decoder_alone_is_described_and_held_to_its_sizes()
    {
        Directory.CreateDirectory(folder.File("llama"));
        foreach (var name in (string[])["config.json", "model.safetensors"])
            File.Copy(Path.Combine(GoldenFile.Root, "llama_gqa", name), folder.File($"llama/{name}"));
        var json = JsonNode.Parse(File.ReadAllText(folder.File("llama/config.json")))!;
        json["model_type"] = "llama";
        File.WriteAllText(folder.File("llama/config.json"), json.ToJsonString());

        var inspection = CheckpointInspector.Inspect(folder.File("llama"));

        inspection.Faults.ShouldBeEmpty();
        inspection.Kind.ShouldBe("llama");
        inspection.Language!.KeyValueHeads.ShouldBeLessThan(inspection.Language.Heads);
        inspection.Parts[0].Series.ShouldContain(series => series.Name == "model.layers.N.mlp.up_proj.weight" && series.Count == inspection.Language.Layers);
    }

    [Fact]
    public void A_single_file_has_its_tensors_in_series()
    {
        var inspection = CheckpointInspector.Inspect(Path.Combine(Lisa, "checkpoint_bin_bf16", "pytorch_model-00001-of-00003.bin"));

        inspection.Kind.ShouldBe("file");
        inspection.Faults.ShouldBeEmpty();
        var embedding = inspection.Parts[0].Series.Single(series => series.Name == "model.embed_tokens.weight");
        embedding.Count.ShouldBe(1);
        embedding.Shape.ShouldBe([331, 96]);
        embedding.Dtype.ShouldBe("bfloat16");
        embedding.Bytes.ShouldBe(331 * 96 * 2);
        inspection.Parts[0].Series.Where(series => series.Count > 1).ShouldAllBe(series => series.Name.Contains(".N."));
    }

    [Fact]
    public void Weights_without_a_configuration_are_listed()
    {
        SafetensorsWriter.Write(folder.File("model.safetensors"), new Dictionary<string, Tensor> { ["a.0"] = zeros(2), ["a.1"] = zeros(2), ["a.2"] = zeros(3), ["n"] = zeros([2], ScalarType.Int64) });

        var inspection = CheckpointInspector.Inspect(folder.Path);

        (inspection.Kind, inspection.Whole).ShouldBe(("weights", true));
        inspection.Parts[0].Series.Select(series => $"{series.Name} {series.Count}").ShouldBe(["n 1", "a.N 2", "a.2 1"]);
        inspection.Parts[0].Parameters.ShouldBe(7);
    }

    [Fact]
    public void A_folder_with_nothing_in_it_is_not_whole()
    {
        var inspection = CheckpointInspector.Inspect(folder.Path);

        inspection.Faults.Count.ShouldBe(1);
        inspection.Faults[0].ShouldContain("no weights found");
    }

    private static void Change(string path, Action<Dictionary<string, Tensor>> change)
    {
        using var scope = NewDisposeScope();
        using var original = Checkpoint.Open(path, CPU, ScalarType.BFloat16);
        var tensors = original.Names.ToDictionary(name => name, name => original.Weights.Get(name));
        change(tensors);
        SafetensorsWriter.Write(path, tensors);
    }
}
