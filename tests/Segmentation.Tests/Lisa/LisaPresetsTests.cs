using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Inspection;
using Pipeline.Segmentation.Lisa;
using Pipeline.Segmentation.Tests.Checkpoints;
using Pipeline.Segmentation.Text;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Lisa;

public sealed class LisaPresetsTests
{
    [Fact]
    public void The_same_seed_gives_the_same_bytes_and_another_seed_other_weights()
    {
        using var folder = new TemporaryFolder();
        LisaPresets.Write("tiny", folder.File("a"), seed: 7);
        LisaPresets.Write("tiny", folder.File("b"), seed: 7);
        LisaPresets.Write("tiny", folder.File("c"), seed: 8);

        var names = Files("a");
        names.ShouldBe(Files("b"));
        names.ShouldContain(Path.Combine("clip-vit-tiny", "model.safetensors"));
        foreach (var name in names)
            File.ReadAllBytes(folder.File(Path.Combine("a", name))).ShouldBe(File.ReadAllBytes(folder.File(Path.Combine("b", name))), name);
        File.ReadAllBytes(folder.File("a/model.safetensors")).ShouldNotBe(File.ReadAllBytes(folder.File("c/model.safetensors")));

        string[] Files(string name) =>
            [.. Directory.GetFiles(folder.File(name), "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder.File(name), path)).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void A_trained_checkpoint_is_not_replaced()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("config.json"), """{"train_mask_decoder":true}""");

        Should.Throw<IOException>(() => LisaPresets.Write("tiny", folder.Path, seed: 1)).Message.ShouldContain("not made at random");
    }

    [Fact]
    public void An_unknown_preset_is_answered_with_the_known_ones()
    {
        using var folder = new TemporaryFolder();

        Should.Throw<ArgumentException>(() => LisaPresets.Write("huge", folder.Path, seed: 1)).Message.ShouldContain("there are tiny");
    }

    [Fact]
    public void The_large_presets_are_the_published_models()
    {
        LisaPresets.Names.ShouldBe(["tiny", "lisa-7b", "lisa-13b"]);
        Parameters(LisaPreset.Lisa7B).ShouldBe(6_738_415_616 + (2 * 4 * 4096) + 641_090_864 + (1024 * 4096) + 4096 + (4096 * 4096) + 4096 + (4096 * 256) + 256);
        var llama2 = PublishedConfig.Of(LisaPreset.Lisa13B, 32003, random: true);
        llama2["conversation"]!.GetValue<string>().ShouldBe("llava_llama_2");
        llama2["rms_norm_eps"]!.GetValue<double>().ShouldBe(1e-5);
        llama2["max_position_embeddings"]!.GetValue<int>().ShouldBe(4096);
        PublishedConfig.Of(LisaPreset.Lisa7B, 32004, random: true).ContainsKey("conversation").ShouldBeFalse();

        static long Parameters(LisaPreset preset) => TensorPlan.Of(to => RandomModel.AddLanguageAndMasks(to, preset.Sizes, preset.Vocabulary!.Value)).Parameters;
    }

    [Fact]
    public void A_model_in_shards_has_the_numbers_of_one_in_a_single_file_and_runs()
    {
        using var folder = new TemporaryFolder();
        var small = LisaPreset.Tiny with { VisionTower = "openai/clip-small", Vocabulary = 2000, Template = Conversation.LlavaLlama2 };
        LisaPresets.Write(small, folder.File("shards"), seed: 7, shardBytes: 500_000, _ => { }, CancellationToken.None);
        LisaPresets.Write(small, folder.File("single"), seed: 7, shardBytes: long.MaxValue, _ => { }, CancellationToken.None);

        var inspection = CheckpointInspector.Inspect(folder.File("shards"));

        inspection.Faults.ShouldBeEmpty();
        inspection.Parts[0].Files.Count.ShouldBeGreaterThan(3);
        inspection.Parts[0].Dtypes.Keys.ShouldBe(["bfloat16"]);
        inspection.Language!.Vocabulary.ShouldBe(2000);
        inspection.Tokenizer!.Tokens.ShouldBeLessThan(2000);
        inspection.Conversation.ShouldBe("llava_llama_2");
        using var shards = Checkpoint.Open(folder.File("shards"), CPU, ScalarType.BFloat16);
        using var single = Checkpoint.Open(folder.File("single"), CPU, ScalarType.BFloat16);
        shards.Names.ShouldBe(single.Names);
        foreach (var name in single.Names)
            shards.Weights.Get(name).bytes.SequenceEqual(single.Weights.Get(name).bytes).ShouldBeTrue(name);
        LisaModel.Load(folder.File("shards"), CPU, ScalarType.Float32).Dispose();
    }

    [Fact]
    public void Weights_drawn_as_they_are_written_have_the_bits_of_a_tensor_drawn_at_once()
    {
        using var scope = NewDisposeScope();
        var plan = new RandomTensor("model.norm.weight", 0.1, 1, [3, 1000, 1000]);
        var written = new byte[6_000_000];

        // In pieces, out of order.
        var weights = new RandomWeights(plan, seed: 11);
        weights.Read(4_000_000, written.AsSpan(4_000_000));
        weights.Read(0, written.AsSpan(0, 1_234_568));
        weights.Read(1_234_568, written.AsSpan(1_234_568, 4_000_000 - 1_234_568));

        plan.Draw(11, ScalarType.BFloat16).bytes.SequenceEqual(written).ShouldBeTrue();
    }

    [Fact]
    public void A_random_checkpoint_replaces_an_earlier_one_with_other_shards_and_keeps_what_else_is_there()
    {
        using var folder = new TemporaryFolder();
        LisaPresets.Write(LisaPreset.Tiny, folder.Path, seed: 1, shardBytes: 500_000, _ => { }, CancellationToken.None);
        File.WriteAllText(folder.File("notes.txt"), "mine");

        LisaPresets.Write("tiny", folder.Path, seed: 2);

        Directory.GetFiles(folder.Path, "*.safetensors*").Select(path => Path.GetFileName(path)).ShouldBe(["model.safetensors"]);
        File.Exists(folder.File("notes.txt")).ShouldBeTrue();
        CheckpointInspector.Inspect(folder.Path).Whole.ShouldBeTrue();
        Directory.Exists(folder.Path + ".partial").ShouldBeFalse();
    }

    [Fact]
    public void A_vision_tower_that_lies_there_already_is_not_replaced()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("clip-vit-tiny"));
        File.WriteAllText(folder.File("clip-vit-tiny/config.json"), "{}");

        Should.Throw<IOException>(() => LisaPresets.Write("tiny", folder.Path, seed: 1)).Message.ShouldContain("holds a vision tower that was not made here");
    }

    [Fact]
    public void A_model_larger_than_the_disk_is_refused_with_both_sizes_and_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        var huge = LisaPreset.Tiny with { Sizes = new ModelSizes { Intermediate = int.MaxValue, Layers = 400 } };

        var message = Should.Throw<IOException>(() => LisaPresets.Write(huge, folder.File("huge"), 1, CheckpointWriter.ShardBytes, _ => { }, CancellationToken.None)).Message;

        message.ShouldMatch(@"[0-9]{6}\.[0-9] GB are needed and its disk has [0-9.]+ GB free; nothing was written");
        Directory.GetFileSystemEntries(folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public void A_model_whose_making_is_interrupted_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        using var interruption = new CancellationTokenSource();

        Should.Throw<OperationCanceledException>(() => LisaPresets.Write("tiny", folder.File("tiny"), 1, _ => interruption.Cancel(), interruption.Token));

        Directory.GetFileSystemEntries(folder.Path).ShouldBeEmpty();
    }
}
