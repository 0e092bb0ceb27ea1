using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Tests.Checkpoints;
using Pipeline.Segmentation.Tests.Images;
using Pipeline.Segmentation.Verification;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Lisa;

public sealed class DamagedGoldenTests : IDisposable
{
    private readonly TemporaryFolder copy = new();

    public void Dispose() => copy.Dispose();

    [Theory]
    [InlineData("clip", "config.json")]
    [InlineData("clip", "model.safetensors")]
    [InlineData("clip", "io.safetensors")]
    [InlineData("sam", "config.json")]
    [InlineData("sam", "model.safetensors")]
    [InlineData("sam", "io.safetensors")]
    [InlineData("lisa", "config.json")]
    [InlineData("lisa", "golden.json")]
    [InlineData("lisa", "model.safetensors")]
    [InlineData("lisa", "clip.safetensors")]
    [InlineData("lisa", "clip-vit-tiny/config.json")]
    [InlineData("lisa", "clip-vit-tiny/pytorch_model.bin")]
    [InlineData("lisa", "checkpoint_bin_bf16/config.json")]
    [InlineData("lisa", "checkpoint_bin_bf16/pytorch_model.bin.index.json")]
    [InlineData("lisa", "checkpoint_bin_bf16/pytorch_model-00002-of-00003.bin")]
    [InlineData("lisa", "io.safetensors")]
    public void A_file_cut_in_half_fails_with_its_name_and_without_a_crash(string group, string file)
    {
        Copy(group);
        using (var stream = File.OpenWrite(copy.File($"{group}/{file}")))
            stream.SetLength(stream.Length / 2);

        var rows = GoldenVerifier.Run(copy.Path, [group], CPU, ScalarType.Float32);

        rows.ShouldContain(row => !row.Passed && row.Message.Contains(Path.GetFileName(file), StringComparison.Ordinal));
    }

    [Fact]
    public void Weights_of_another_shape_fail_with_both_shapes()
    {
        Copy("clip");
        using var scope = NewDisposeScope();
        using var original = Checkpoint.Open(copy.File("clip/model.safetensors"), CPU, ScalarType.Float32);
        var tensors = original.Names.ToDictionary(name => name, name => original.Weights.Get(name));
        tensors["vision_model.encoder.layers.1.mlp.fc1.bias"] = zeros(3);
        SafetensorsWriter.Write(copy.File("clip/model.safetensors"), tensors);

        GoldenVerifier.Run(copy.Path, ["clip"], CPU, ScalarType.Float32)
            .ShouldHaveSingleItem().Message.ShouldContain("'vision_model.encoder.layers.1.mlp.fc1.bias' has shape (3); expected (160)");
    }

    [Fact]
    public void A_published_checkpoint_with_another_weight_fails_with_its_name()
    {
        Copy("lisa");
        var path = copy.File("lisa/checkpoint_bin_bf16/pytorch_model-00001-of-00003.bin");
        var bytes = File.ReadAllBytes(path);
        using (var shard = TensorFile.Open(path))
            bytes[shard.Entries.Single(entry => entry.Name == "model.layers.0.self_attn.q_proj.weight").Offset] ^= 1;
        File.WriteAllBytes(path, bytes);

        var row = GoldenVerifier.Run(copy.Path, ["lisa"], CPU, ScalarType.Float32).Single(row => row.Tensor == "checkpoint_bin_bf16/tensors");

        row.Passed.ShouldBeFalse();
        row.Message.ShouldContain("instead of model.layers.0.self_attn.q_proj.weight");
    }

    [Fact]
    public void A_wrong_weight_is_seen_in_every_tensor_that_depends_on_it()
    {
        Copy("sam");
        using var scope = NewDisposeScope();
        using var original = Checkpoint.Open(copy.File("sam/model.safetensors"), CPU, ScalarType.Float32);
        var tensors = original.Names.ToDictionary(name => name, name => original.Weights.Get(name));
        tensors["image_encoder.blocks.2.attn.rel_pos_w"] = tensors["image_encoder.blocks.2.attn.rel_pos_w"].flip(0);
        SafetensorsWriter.Write(copy.File("sam/model.safetensors"), tensors);

        var failed = GoldenVerifier.Run(copy.Path, ["sam"], CPU, ScalarType.Float32).Where(row => !row.Passed).Select(row => row.Tensor).ToList();

        failed.ShouldContain("block.2");
        failed.ShouldContain("low_res_masks");
        failed.ShouldNotContain("block.1");
    }

    private void Copy(string group)
    {
        var source = Path.Combine(GoldenFile.Root, group);
        foreach (var file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy.Path, group, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
