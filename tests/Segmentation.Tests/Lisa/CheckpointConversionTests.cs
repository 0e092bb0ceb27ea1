using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Inspection;
using Pipeline.Segmentation.Lisa;
using Pipeline.Segmentation.Tests.Checkpoints;
using Pipeline.Segmentation.Tests.Images;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Lisa;

public sealed class CheckpointConversionTests : IDisposable
{
    private static readonly string Published = Path.Combine(GoldenFile.Root, "lisa", "checkpoint_bin_bf16");

    private readonly TemporaryFolder folder = new();

    private string Target => folder.File("converted");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Published_files_keep_every_bit_type_and_name()
    {
        Convert(new CheckpointConversion(Published, Target));

        ShouldBeEqual(Published, Target);
        ShouldBeEqual(Path.Combine(GoldenFile.Root, "lisa", "clip-vit-tiny"), Path.Combine(Target, "clip-vit-tiny"));
        File.ReadAllBytes(Path.Combine(Target, "config.json")).ShouldBe(File.ReadAllBytes(Path.Combine(Published, "config.json")));
        File.Exists(Path.Combine(Target, "generation_config.json")).ShouldBeTrue();
        File.Exists(Path.Combine(Target, "clip-vit-tiny", "preprocessor_config.json")).ShouldBeTrue();
        var config = LisaConfig.Read(Path.Combine(Target, "config.json"));
        LisaFolder.Find(Target, config).VisionTower.ShouldBe(Path.Combine(Target, "clip-vit-tiny"));
    }

    [Fact]
    public void The_files_have_the_layout_of_safetensors()
    {
        Convert(new CheckpointConversion(Published, Target));

        var bytes = File.ReadAllBytes(Path.Combine(Target, "model.safetensors"));
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        (length % 8).ShouldBe(0);
        var header = JsonNode.Parse(bytes.AsSpan(8, length))!.AsObject();
        header["__metadata__"]!["format"]!.GetValue<string>().ShouldBe("pt");
        var end = 0L;
        foreach (var offsets in header.Where(entry => entry.Key != "__metadata__").Select(entry => entry.Value!["data_offsets"]!.AsArray()))
        {
            offsets[0]!.GetValue<long>().ShouldBe(end);
            end = offsets[1]!.GetValue<long>();
        }

        (8 + length + end).ShouldBe(bytes.Length);
    }

    [Fact]
    public void What_exceeds_the_limit_is_spread_over_shards_with_an_index()
    {
        Convert(new CheckpointConversion(Published, Target) { ShardBytes = 300_000 });

        var shards = Directory.GetFiles(Target, "*.safetensors").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal).ToList();
        shards.Count.ShouldBeGreaterThan(3);
        shards[0].ShouldBe($"model-00001-of-{shards.Count:00000}.safetensors");
        shards.ShouldAllBe(name => new FileInfo(Path.Combine(Target, name)).Length < 300_000 + 30_000);
        var index = JsonNode.Parse(File.ReadAllText(Path.Combine(Target, "model.safetensors.index.json")))!;
        index["weight_map"]!.AsObject().Select(entry => entry.Value!.GetValue<string>()).Distinct().Order(StringComparer.Ordinal).ShouldBe(shards);
        var part = CheckpointInspector.Inspect(Target).Parts[0];
        index["metadata"]!["total_size"]!.GetValue<long>().ShouldBe(part.Bytes);
        part.Sharded.ShouldBeTrue();
        ShouldBeEqual(Published, Target);
    }

    [Fact]
    public void Another_type_is_what_loading_in_that_type_gives_and_the_configuration_says_so()
    {
        Convert(new CheckpointConversion(Published, Target) { Dtype = ScalarType.Float16 });

        using var loaded = Checkpoint.Open(Published, CPU, ScalarType.Float16);
        using var converted = Checkpoint.Open(Target, CPU, ScalarType.Float16);
        converted.Entries.Where(pair => pair.Entry.Dtype != ScalarType.Float16).ShouldBeEmpty();
        foreach (var name in loaded.Names)
            converted.Weights.Get(name).bytes.SequenceEqual(loaded.Weights.Get(name).bytes).ShouldBeTrue(name);
        JsonNode.Parse(File.ReadAllText(Path.Combine(Target, "config.json")))!["torch_dtype"]!.GetValue<string>().ShouldBe("float16");
    }

    [Fact]
    public void Numbers_in_another_order_and_of_whole_types_arrive_as_they_load()
    {
        Directory.CreateDirectory(folder.File("source"));
        var random = new Random(5);
        var numbers = new byte[4 * 6 * 500];
        random.NextBytes(numbers);
        var archive = new TorchArchive().Tensor("transposed", "Int", numbers, 0, [500, 6], [1, 500]).Tensor("ids", "Long", numbers[..16], 0, [2], [1]);
        File.WriteAllBytes(folder.File("source/pytorch_model.bin"), archive.ToBytes());

        Convert(new CheckpointConversion(folder.File("source"), Target) { Dtype = ScalarType.Float16 }).ShouldBeNull();

        ShouldBeEqual(folder.File("source"), Target);
    }

    [Fact]
    public void A_converted_model_segments_as_the_one_it_was_made_of()
    {
        LisaPresets.Write("tiny", folder.File("tiny"), seed: 4);
        Convert(new CheckpointConversion(folder.File("tiny"), Target) { ShardBytes = 200_000 });

        using var before = LisaModel.Load(folder.File("tiny"), CPU, ScalarType.Float32);
        using var after = LisaModel.Load(Target, CPU, ScalarType.Float32);

        Segment(after).ShouldBe(Segment(before));

        static byte[] Segment(LisaModel model)
        {
            using var image = model.Encode(TinyLisa.Image(1, 64, 48));
            return [.. model.Segment(image, TinyLisa.Expressions, new Pipeline.Segmentation.Pruning.Methods.NoPruning()).SelectMany(output => output.Mask)];
        }
    }

    [Fact]
    public void Without_its_vision_tower_the_rest_is_converted_and_that_is_said()
    {
        Copy(Published, folder.File("alone"));

        Convert(new CheckpointConversion(folder.File("alone"), Target)).ShouldBe(
            "its vision tower 'clip-vit-tiny' is not there and was not converted; put it into or beside the new folder");

        ShouldBeEqual(Published, Target);
    }

    [Theory]
    [InlineData("clip/openai/clip-x", "clip/openai/clip-x", "clip-x")]
    [InlineData("openai/clip-x", "clip-x", "clip-x")]
    public void A_tower_beside_the_source_is_found_inside_the_new_folder(string name, string place, string expected)
    {
        Copy(Published, folder.File("a/source"));
        Rename(folder.File("a/source/config.json"), name);
        Copy(Path.Combine(GoldenFile.Root, "lisa", "clip-vit-tiny"), folder.File($"a/{place}"));
        Directory.CreateDirectory(folder.File("b"));

        Convert(new CheckpointConversion(folder.File("a/source"), folder.File("b/new")));

        LisaFolder.Find(folder.File("b/new"), LisaConfig.Read(folder.File("b/new/config.json"))).VisionTower.ShouldBe(folder.File($"b/new/{expected}"));
    }

    [Fact]
    public void A_tower_that_the_configuration_names_by_its_place_stays_there()
    {
        Copy(Published, folder.File("source"));
        Copy(Path.Combine(GoldenFile.Root, "lisa", "clip-vit-tiny"), folder.File("towers/clip"));
        Rename(folder.File("source/config.json"), folder.File("towers/clip"));

        Convert(new CheckpointConversion(folder.File("source"), Target)).ShouldBe($"its vision tower stays in {folder.File("towers/clip")}, where its config.json says");

        LisaFolder.Find(Target, LisaConfig.Read(Path.Combine(Target, "config.json"))).VisionTower.ShouldBe(folder.File("towers/clip"));
        Directory.Exists(Path.Combine(Target, "clip")).ShouldBeFalse();
    }

    [Fact]
    public void A_folder_that_holds_anything_is_refused_and_kept_the_source_too()
    {
        Copy(Published, folder.File("source"));
        Directory.CreateDirectory(Target);
        File.WriteAllText(Path.Combine(Target, "mine"), "mine");

        Refused(Target).ShouldContain("is not empty");
        Refused(folder.File("source")).ShouldContain("is not empty");

        Directory.GetFileSystemEntries(Target).ShouldBe([Path.Combine(Target, "mine")]);
        ShouldBeEqual(Published, folder.File("source"));

        string Refused(string target) => Should.Throw<InvalidDataException>(() => Convert(new CheckpointConversion(folder.File("source"), target))).Message;
    }

    [Fact]
    public void What_is_no_whole_checkpoint_is_refused_before_anything_is_written()
    {
        Directory.CreateDirectory(folder.File("empty"));
        Copy(Published, folder.File("partial"));
        File.Delete(folder.File("partial/pytorch_model-00002-of-00003.bin"));

        Should.Throw<InvalidDataException>(() => Convert(new CheckpointConversion(folder.File("empty"), Target))).Message.ShouldContain("no weights found");
        Should.Throw<InvalidDataException>(() => Convert(new CheckpointConversion(folder.File("partial"), Target))).Message.ShouldContain("pytorch_model-00002-of-00003.bin");
        Should.Throw<InvalidDataException>(() => Convert(new CheckpointConversion(folder.File("nowhere"), Target))).Message.ShouldContain("is no folder");

        Directory.GetFileSystemEntries(folder.Path).Order(StringComparer.Ordinal).ShouldBe([folder.File("empty"), folder.File("partial")]);
    }

    [Fact]
    public void A_conversion_that_is_interrupted_leaves_nothing()
    {
        using var interruption = new CancellationTokenSource();
        var files = new List<string>();

        Should.Throw<OperationCanceledException>(() => new CheckpointConversion(Published, Target) { ShardBytes = 300_000 }.Run(
            path =>
            {
                files.Add(path);
                Directory.Exists(Target).ShouldBeFalse();
                if (files.Count == 3)
                    interruption.Cancel();
            },
            interruption.Token));

        files.ShouldAllBe(path => path.StartsWith(Target + ".partial", StringComparison.Ordinal));
        Directory.GetFileSystemEntries(folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public void What_a_killed_run_left_is_named_and_not_taken_for_a_checkpoint()
    {
        Directory.CreateDirectory(Target + ".partial");

        Should.Throw<IOException>(() => Convert(new CheckpointConversion(Published, Target))).Message.ShouldContain("converted.partial is in the way");

        Directory.Exists(Target + ".partial").ShouldBeTrue();
        Directory.Exists(Target).ShouldBeFalse();
    }

    private static string? Convert(CheckpointConversion conversion) => conversion.Run(_ => { }, CancellationToken.None);

    private static void ShouldBeEqual(string expected, string actual)
    {
        using var before = Checkpoint.Open(expected, CPU, ScalarType.BFloat16);
        using var after = Checkpoint.Open(actual, CPU, ScalarType.BFloat16);
        after.Entries.Select(Facts).ShouldBe(before.Entries.Select(Facts));
        foreach (var ((fromFile, from), (toFile, to)) in before.Entries.Zip(after.Entries))
        {
            using var left = TensorReader.Read(fromFile, from, from.Dtype, CPU);
            using var right = TensorReader.Read(toFile, to, to.Dtype, CPU);
            right.bytes.SequenceEqual(left.bytes).ShouldBeTrue(from.Name);
        }

        static string Facts((TensorFile File, TensorEntry Entry) tensor) => $"{tensor.Entry.Name} {tensor.Entry.Dtype} {string.Join('x', tensor.Entry.Shape)}";
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    private static void Rename(string config, string tower)
    {
        var json = JsonNode.Parse(File.ReadAllText(config))!;
        json["vision_tower"] = tower;
        File.WriteAllText(config, json.ToJsonString());
    }
}
