using System.Runtime.InteropServices;
using Pipeline.Segmentation.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Checkpoints;

public sealed class CheckpointTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.Float64)]
    public void What_was_written_is_read_back_in_every_floating_type(ScalarType stored)
    {
        using var scope = NewDisposeScope();
        var written = tensor([1f, -2.5f, 0f, 1024f, -0.125f, 3f], [2, 3]).to(stored);
        Write("model.safetensors", ("a", written));

        using var checkpoint = Checkpoint.Open(folder.Path, CPU, ScalarType.Float32);

        var read = checkpoint.Weights.Get("a", 2, 3);
        read.dtype.ShouldBe(ScalarType.Float32);
        read.data<float>().ToArray().ShouldBe([1f, -2.5f, 0f, 1024f, -0.125f, 3f]);
    }

    [Fact]
    public void Whole_numbers_and_booleans_keep_their_type()
    {
        using var scope = NewDisposeScope();
        Write("model.safetensors", ("flags", tensor([true, false])), ("ids", tensor([5L, -7L])), ("pixels", tensor([(byte)0, (byte)255])));

        using var checkpoint = Checkpoint.Open(folder.Path, CPU, ScalarType.BFloat16);

        checkpoint.Weights.Get("flags").data<bool>().ToArray().ShouldBe([true, false]);
        checkpoint.Weights.Get("ids").data<long>().ToArray().ShouldBe([5L, -7L]);
        checkpoint.Weights.Get("pixels").data<byte>().ToArray().ShouldBe([0, 255]);
    }

    [Fact]
    public void A_tensor_larger_than_the_staging_buffer_is_converted_completely()
    {
        using var scope = NewDisposeScope();
        const int Count = 9_000_001;
        var values = new float[Count];
        for (var i = 0; i < Count; i++)
            values[i] = i % 251;
        Write("model.safetensors", ("small", tensor([1f])), ("large", tensor(values).to(ScalarType.BFloat16)));

        using var checkpoint = Checkpoint.Open(folder.Path, CPU, ScalarType.Float32);

        MemoryMarshal.Cast<byte, float>(checkpoint.Weights.Get("large", Count).bytes).SequenceEqual(values).ShouldBeTrue();
    }

    [Fact]
    public void Empty_tensors_and_scalars_have_their_shape()
    {
        using var scope = NewDisposeScope();
        Write("model.safetensors", ("empty", zeros([0, 4])), ("scalar", tensor(3f)));

        using var checkpoint = Checkpoint.Open(folder.Path, CPU, ScalarType.BFloat16);

        checkpoint.Weights.Get("empty").shape.ShouldBe([0, 4]);
        checkpoint.Weights.Get("scalar").to(ScalarType.Float32).item<float>().ShouldBe(3f);
    }

    [Fact]
    public void The_same_tensors_give_the_same_bytes_whatever_their_order()
    {
        using var scope = NewDisposeScope();
        Write("1.safetensors", ("a", tensor([1f])), ("b", tensor([2L])));
        Write("2.safetensors", ("b", tensor([2L])), ("a", tensor([1f])));

        File.ReadAllBytes(folder.File("1.safetensors")).ShouldBe(File.ReadAllBytes(folder.File("2.safetensors")));
    }

    [Fact]
    public void A_missing_tensor_is_named_in_full()
    {
        using var scope = NewDisposeScope();
        Write("model.safetensors", ("model.norm.weight", tensor([1f])));
        using var checkpoint = Checkpoint.Open(folder.Path, CPU, ScalarType.Float32);

        Should.Throw<CheckpointException>(() => checkpoint.Weights["model"]["norm"].Get("bias"))
            .Message.ShouldContain("there is no tensor 'model.norm.bias'");
    }

    [Fact]
    public void A_misshapen_tensor_is_refused_with_both_shapes()
    {
        using var scope = NewDisposeScope();
        Write("model.safetensors", ("layers.0.weight", zeros([2, 3])));
        using var checkpoint = Checkpoint.Open(folder.Path, CPU, ScalarType.Float32);

        var fault = Should.Throw<CheckpointException>(() => checkpoint.Weights["layers"][0].Get("weight", -1, 4));

        fault.Message.ShouldContain("'layers.0.weight' has shape (2, 3); expected (any, 4)");
    }

    [Fact]
    public void A_sharded_checkpoint_is_read_through_its_index()
    {
        using var scope = NewDisposeScope();
        Write("model-00001-of-00002.safetensors", ("a", tensor([1f])));
        Write("model-00002-of-00002.safetensors", ("b", tensor([2f])));
        Write("other.safetensors", ("a", tensor([9f])));
        WriteIndex("""{"weight_map":{"a":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors"}}""");

        using var checkpoint = Checkpoint.Open(folder.Path, CPU, ScalarType.Float32);

        checkpoint.Names.ShouldBe(["a", "b"]);
        checkpoint.Weights.Get("b", 1).item<float>().ShouldBe(2f);
    }

    [Theory]
    [InlineData("../secret.safetensors")]
    [InlineData("/etc/passwd")]
    [InlineData("a/b.safetensors")]
    [InlineData("..")]
    public void An_index_that_points_outside_its_folder_is_refused(string file)
    {
        WriteIndex($$$"""{"weight_map":{"a":"{{{file}}}"}}""");

        Should.Throw<CheckpointException>(() => Checkpoint.Open(folder.Path, CPU, ScalarType.Float32))
            .Message.ShouldContain("only files of the same folder are read");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_index_that_names_a_link_out_of_its_folder_is_refused(bool relative)
    {
        using var scope = NewDisposeScope();
        using var elsewhere = new TemporaryFolder();
        SafetensorsWriter.Write(elsewhere.File("secret.safetensors"), new Dictionary<string, Tensor> { ["a"] = tensor([1f]) });
        var target = elsewhere.File("secret.safetensors");
        File.CreateSymbolicLink(folder.File("1.safetensors"), relative ? Path.GetRelativePath(folder.Path, target) : target);
        WriteIndex("""{"weight_map":{"a":"1.safetensors"}}""");

        Should.Throw<CheckpointException>(() => Checkpoint.Open(folder.Path, CPU, ScalarType.Float32))
            .Message.ShouldContain($"'1.safetensors' is a link to {target}, outside of this folder");
    }

    [Fact]
    public void Links_within_the_folder_are_followed_also_where_the_folder_itself_is_one()
    {
        using var scope = NewDisposeScope();
        Directory.CreateDirectory(folder.File("real"));
        Write("real/stored.safetensors", ("a", tensor([5f])));
        File.CreateSymbolicLink(folder.File("real/1.safetensors"), "stored.safetensors");
        File.WriteAllText(folder.File("real/model.safetensors.index.json"), """{"weight_map":{"a":"1.safetensors"}}""");
        Directory.CreateSymbolicLink(folder.File("linked"), folder.File("real"));

        using var checkpoint = Checkpoint.Open(folder.File("linked"), CPU, ScalarType.Float32);

        checkpoint.Weights.Get("a", 1).item<float>().ShouldBe(5f);
    }

    [Fact]
    public void A_snapshot_in_the_cache_of_the_hub_is_read_from_its_blobs()
    {
        using var scope = NewDisposeScope();
        Directory.CreateDirectory(folder.File("models--x--LISA/blobs"));
        Directory.CreateDirectory(folder.File("models--x--LISA/snapshots/abc"));
        Write("models--x--LISA/blobs/0123", ("a", tensor([5f])));
        var snapshot = folder.File("models--x--LISA/snapshots/abc");
        File.CreateSymbolicLink(Path.Combine(snapshot, "1.safetensors"), "../../blobs/0123");
        File.WriteAllText(Path.Combine(snapshot, "model.safetensors.index.json"), """{"weight_map":{"a":"1.safetensors"}}""");

        using var checkpoint = Checkpoint.Open(snapshot, CPU, ScalarType.Float32);

        checkpoint.Weights.Get("a", 1).item<float>().ShouldBe(5f);
    }

    [Fact]
    public void A_link_that_leads_to_itself_is_refused()
    {
        File.CreateSymbolicLink(folder.File("1.safetensors"), "1.safetensors");
        WriteIndex("""{"weight_map":{"a":"1.safetensors"}}""");

        Should.Throw<CheckpointException>(() => Checkpoint.Open(folder.Path, CPU, ScalarType.Float32)).Message.ShouldContain("'1.safetensors' is a link that leads nowhere");
    }

    [Theory]
    [InlineData("model.safetensors.index.json")]
    [InlineData("pytorch_model.bin.index.json")]
    public void An_index_of_gigabytes_is_refused_unread(string name)
    {
        using (var file = File.Create(folder.File(name)))
            file.SetLength(50L << 30);

        Should.Throw<CheckpointException>(() => Checkpoint.Open(folder.Path, CPU, ScalarType.Float32)).Message.ShouldEndWith("has 53687091200 bytes; at most 67108864 are read");
    }

    [Fact]
    public void A_configuration_of_gigabytes_is_refused_unread()
    {
        using (var file = File.Create(folder.File("config.json")))
            file.SetLength(50L << 30);

        Should.Throw<CheckpointException>(() => ConfigFile.Open(folder.File("config.json"))).Message.ShouldEndWith("has 53687091200 bytes; at most 16777216 are read");
    }

    [Fact]
    public void A_file_truncated_after_it_was_opened_is_named_with_its_tensor()
    {
        using var scope = NewDisposeScope();
        Write("model.safetensors", ("large", zeros([20_000_000], ScalarType.BFloat16)));
        using var checkpoint = Checkpoint.Open(folder.Path, CPU, ScalarType.BFloat16);
        using (var file = new FileStream(folder.File("model.safetensors"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(30_000_000);

        Should.Throw<CheckpointException>(() => checkpoint.Weights.Get("large")).Message.ShouldContain("the file ended inside tensor 'large'");
    }

    [Theory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.Float32)]
    public void A_tensor_of_many_pieces_is_read_in_its_place_in_every_type(ScalarType wanted)
    {
        using var scope = NewDisposeScope();
        const int Count = 11_000_003;
        var values = new float[Count];
        for (var i = 0; i < Count; i++)
            values[i] = i % 251;
        Write("model.safetensors", ("large", tensor(values).to(ScalarType.BFloat16)));

        using var checkpoint = Checkpoint.Open(folder.Path, CPU, wanted);

        MemoryMarshal.Cast<byte, float>(checkpoint.Weights.Get("large", Count).to(ScalarType.Float32).bytes).SequenceEqual(values).ShouldBeTrue();
    }

    [Fact]
    public void An_index_that_names_the_wrong_file_is_refused()
    {
        using var scope = NewDisposeScope();
        Write("1.safetensors", ("a", tensor([1f])));
        Write("2.safetensors", ("b", tensor([1f])));
        WriteIndex("""{"weight_map":{"a":"2.safetensors","b":"2.safetensors"}}""");

        Should.Throw<CheckpointException>(() => Checkpoint.Open(folder.Path, CPU, ScalarType.Float32)).Message.ShouldContain("tensor 'a' is not in 2.safetensors");
    }

    [Fact]
    public void A_missing_shard_is_named()
    {
        WriteIndex("""{"weight_map":{"a":"model-00001-of-00001.safetensors"}}""");

        Should.Throw<CheckpointException>(() => Checkpoint.Open(folder.Path, CPU, ScalarType.Float32)).Message.ShouldContain("model-00001-of-00001.safetensors");
    }

    [Fact]
    public void A_tensor_in_two_files_is_refused()
    {
        using var scope = NewDisposeScope();
        Write("1.safetensors", ("a", tensor([1f])));
        Write("2.safetensors", ("a", tensor([1f])));

        Should.Throw<CheckpointException>(() => Checkpoint.Open(folder.Path, CPU, ScalarType.Float32)).Message.ShouldContain("'a' is also in");
    }

    [Fact]
    public void A_folder_without_weights_says_what_was_expected() =>
        Should.Throw<CheckpointException>(() => Checkpoint.Open(folder.Path, CPU, ScalarType.Float32)).Message.ShouldContain("expected model.safetensors.index.json");

    [Fact]
    public void Tensors_that_nobody_asked_for_are_listed_without_those_carried_for_nothing()
    {
        using var scope = NewDisposeScope();
        Write("model.safetensors", ("used", tensor([1f])), ("forgotten", tensor([1f])), ("layers.0.rotary_emb.inv_freq", tensor([1f])), ("text_model.a", tensor([1f])));
        using var checkpoint = Checkpoint.Open(folder.Path, CPU, ScalarType.Float32);
        checkpoint.Weights.Get("used");

        checkpoint.Unused.ShouldBe(["forgotten"]);
    }

    [Fact]
    public void A_view_lists_and_counts_what_lies_under_its_prefix()
    {
        using var scope = NewDisposeScope();
        Write("model.safetensors", ("m.layers.0.w", tensor([1f])), ("m.layers.1.w", tensor([1f])), ("m.layers.10.w", tensor([1f])), ("mm.w", tensor([1f])));
        using var checkpoint = Checkpoint.Open(folder.Path, CPU, ScalarType.Float32);

        checkpoint.Weights["m"].Names.ShouldBe(["layers.0.w", "layers.1.w", "layers.10.w"]);
        checkpoint.Weights["m"].Count("layers").ShouldBe(2);
        checkpoint.Weights["m.layers"].Has("1.w").ShouldBeTrue();
        checkpoint.Weights["m.layers"].Has("1").ShouldBeFalse();
    }

    [Fact]
    public void Weights_outlive_the_scope_they_were_read_in_and_go_with_the_checkpoint()
    {
        using (NewDisposeScope())
            Write("model.safetensors", ("a", tensor([1f])), ("b", tensor([2f]).to(ScalarType.BFloat16)));
        var before = Live();
        using (var checkpoint = Checkpoint.Open(folder.Path, CPU, ScalarType.Float32))
        {
            Tensor a;
            Tensor b;
            using (NewDisposeScope())
            {
                a = checkpoint.Weights.Get("a");
                b = checkpoint.Weights.Get("b");
            }

            a.item<float>().ShouldBe(1f);
            b.item<float>().ShouldBe(2f);
            (Live() - before).ShouldBe(2);
        }

        Live().ShouldBe(before);
    }

    private static long Live() => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    private void Write(string name, params (string Name, Tensor Tensor)[] tensors) =>
        SafetensorsWriter.Write(folder.File(name), tensors.ToDictionary(pair => pair.Name, pair => pair.Tensor));

    private void WriteIndex(string json) => File.WriteAllText(folder.File("model.safetensors.index.json"), json);
}
