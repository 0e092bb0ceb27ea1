using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Tests.Images;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Checkpoints;

public sealed class TorchFileTests : IDisposable
{
    private const string Gaussian = "model.visual_model.prompt_encoder.pe_layer.positional_encoding_gaussian_matrix";

    private static readonly string Lisa = Path.Combine(GoldenFile.Root, "lisa");

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_sharded_checkpoint_of_PyTorch_holds_the_very_numbers_of_its_safetensors()
    {
        using var torch = Checkpoint.Open(Path.Combine(Lisa, "checkpoint_bin_bf16"), CPU, ScalarType.Float32);
        using var safetensors = Checkpoint.Open(Path.Combine(Lisa, "model.safetensors"), CPU, ScalarType.Float32);

        torch.Names.ShouldBe(safetensors.Names);
        // Buffers in float32, which the bfloat16 checkpoint rounds.
        foreach (var name in safetensors.Names.Where(name => name != Gaussian && !name.EndsWith("rotary_emb.inv_freq", StringComparison.Ordinal)))
            torch.Weights.Get(name).bytes.SequenceEqual(safetensors.Weights.Get(name).bytes).ShouldBeTrue(name);
    }

    [Fact]
    public void A_vision_tower_of_PyTorch_holds_the_very_numbers_of_its_safetensors()
    {
        using var torch = Checkpoint.Open(Path.Combine(Lisa, "clip-vit-tiny"), CPU, ScalarType.Float32);
        using var safetensors = Checkpoint.Open(Path.Combine(Lisa, "clip.safetensors"), CPU, ScalarType.Float32);

        torch.Names.ShouldBe(safetensors.Names);
        foreach (var name in safetensors.Names)
            torch.Weights.Get(name).bytes.SequenceEqual(safetensors.Weights.Get(name).bytes).ShouldBeTrue(name);
    }

    [Theory]
    [InlineData("Float", new byte[] { 0, 0, 128, 63, 0, 0, 0, 64 }, ScalarType.Float32)]
    [InlineData("Half", new byte[] { 0, 60, 0, 64 }, ScalarType.Float32)]
    [InlineData("BFloat16", new byte[] { 128, 63, 0, 64 }, ScalarType.Float32)]
    [InlineData("Long", new byte[] { 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0 }, ScalarType.Int64)]
    [InlineData("Byte", new byte[] { 1, 2 }, ScalarType.Byte)]
    public void Every_type_of_storage_has_its_numbers(string type, byte[] data, ScalarType read)
    {
        Write("model.bin", new TorchArchive().Tensor("a", type, data, 0, [2], [1]));

        using var checkpoint = Checkpoint.Open(folder.File("model.bin"), CPU, ScalarType.Float32);

        var tensor = checkpoint.Weights.Get("a", 2);
        tensor.dtype.ShouldBe(read);
        tensor.to(ScalarType.Int64).data<long>().ToArray().ShouldBe([1L, 2L]);
    }

    [Fact]
    public void Views_of_one_storage_are_read_from_where_they_begin_and_in_their_order()
    {
        byte[] data = [0, 1, 2, 3, 4, 5, 6, 7];
        Write("model.bin", new TorchArchive()
            .Tensor("rows", "Byte", data, 0, [2, 4], [4, 1])
            .View("columns", 0, 0, [4, 2], [1, 4])
            .View("tail", 0, 5, [3], [1])
            .View("every second", 0, 1, [3], [2])
            .View("scalar", 0, 6, [], [])
            .View("empty", 0, 0, [0, 3], [3, 1])
            .View("one row", 0, 4, [1, 4], [99, 1]));

        using var checkpoint = Checkpoint.Open(folder.File("model.bin"), CPU, ScalarType.Float32);

        Values("rows", 2, 4).ShouldBe(data);
        Values("columns", 4, 2).ShouldBe([0, 4, 1, 5, 2, 6, 3, 7]);
        Values("tail", 3).ShouldBe([5, 6, 7]);
        Values("every second", 3).ShouldBe([1, 3, 5]);
        checkpoint.Weights.Get("scalar").item<byte>().ShouldBe((byte)6);
        checkpoint.Weights.Get("empty").shape.ShouldBe([0, 3]);
        Values("one row", 1, 4).ShouldBe([4, 5, 6, 7]);

        byte[] Values(string name, params long[] shape) => checkpoint.Weights.Get(name, shape).data<byte>().ToArray();
    }

    [Fact]
    public void Numbers_in_another_order_become_the_wanted_type()
    {
        Write("model.bin", new TorchArchive().Tensor("a", "BFloat16", [128, 63, 0, 64, 64, 64, 128, 64], 0, [2, 2], [1, 2]));

        using var checkpoint = Checkpoint.Open(folder.File("model.bin"), CPU, ScalarType.Float32);

        checkpoint.Weights.Get("a", 2, 2).data<float>().ToArray().ShouldBe([1f, 3f, 2f, 4f]);
    }

    [Fact]
    public void A_state_dictionary_with_the_attributes_PyTorch_gives_it_is_read_whole_or_by_its_name()
    {
        Write("whole.bin", new TorchArchive { Ordered = true }.Tensor("a", "Byte", [7], 0, [1], [1]));
        Write("named.pth", new TorchArchive { Under = "state_dict" }.Tensor("a", "Byte", [7], 0, [1], [1]));

        foreach (var name in (string[])["whole.bin", "named.pth"])
        {
            using var checkpoint = Checkpoint.Open(folder.File(name), CPU, ScalarType.Float32);
            checkpoint.Weights.Get("a", 1).item<byte>().ShouldBe((byte)7);
        }
    }

    [Fact]
    public void A_parameter_is_its_tensor()
    {
        Write("model.bin", new TorchArchive().Parameter("a", "Byte", [7]));

        using var checkpoint = Checkpoint.Open(folder.File("model.bin"), CPU, ScalarType.Float32);

        checkpoint.Weights.Get("a", 1).item<byte>().ShouldBe((byte)7);
    }

    [Fact]
    public void Safetensors_come_before_PyTorch_and_its_index_before_a_single_file()
    {
        using var scope = NewDisposeScope();
        Write("pytorch_model.bin", new TorchArchive().Tensor("single", "Byte", [1], 0, [1], [1]));
        Names().ShouldBe(["single"]);
        Write("pytorch_model-00001-of-00001.bin", new TorchArchive().Tensor("sharded", "Byte", [1], 0, [1], [1]));
        File.WriteAllText(folder.File("pytorch_model.bin.index.json"), """{"weight_map":{"sharded":"pytorch_model-00001-of-00001.bin"}}""");
        Names().ShouldBe(["sharded"]);
        SafetensorsWriter.Write(folder.File("other.safetensors"), new Dictionary<string, Tensor> { ["other"] = tensor([1f]) });
        Names().ShouldBe(["sharded"]);
        SafetensorsWriter.Write(folder.File("model.safetensors"), new Dictionary<string, Tensor> { ["safe"] = tensor([1f]) });
        Names().ShouldBe(["safe"]);

        IReadOnlyList<string> Names()
        {
            using var checkpoint = Checkpoint.Open(folder.Path, CPU, ScalarType.Float32);
            return checkpoint.Names;
        }
    }

    [Fact]
    public void All_missing_shards_and_misplaced_tensors_are_listed()
    {
        Write("1.bin", new TorchArchive().Tensor("a", "Byte", [1], 0, [1], [1]));
        Index("""{"a":"1.bin","b":"2.bin","c":"3.bin"}""");
        Fault().ShouldContain("2 files of this checkpoint are missing: 2.bin; 3.bin");
        Index("""{"a":"1.bin","b":"1.bin","c":"1.bin"}""");
        Fault().ShouldContain("tensor 'b' is not in 1.bin; tensor 'c' is not in 1.bin");
        Index("""{"a":"../1.bin"}""");
        Fault().ShouldContain("tensor 'a' is said to lie in '../1.bin'; only files of the same folder are read");

        string Fault() => Should.Throw<CheckpointException>(() => Checkpoint.Open(folder.Path, CPU, ScalarType.Float32)).Message;
        void Index(string map) => File.WriteAllText(folder.File("pytorch_model.bin.index.json"), $$"""{"weight_map":{{map}}}""");
    }

    private void Write(string name, TorchArchive archive) => File.WriteAllBytes(folder.File(name), archive.ToBytes());
}
