using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Clip;
using Pipeline.Segmentation.Tests.Images;
using Pipeline.Segmentation.Verification;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Clip;

public sealed class ClipGoldenTests
{
    [Fact]
    public void Every_tensor_of_the_vision_tower_agrees_with_upstream()
    {
        var rows = GoldenVerifier.Run(GoldenFile.Root, ["clip"], CPU, ScalarType.Float32);

        rows.Where(row => !row.Passed).ShouldBeEmpty();
        rows.Count.ShouldBe(8);
    }

    [Fact]
    public void The_class_tokens_attention_is_its_row_of_the_whole()
    {
        using var scope = NewDisposeScope();
        using var weights = Checkpoint.Open(Path.Combine(GoldenFile.Root, "clip", "model.safetensors"), CPU, ScalarType.Float32);
        using var inputs = Checkpoint.Open(Path.Combine(GoldenFile.Root, "clip", "io.safetensors"), CPU, ScalarType.Float32);
        var tower = new ClipVisionTower(weights.Weights, ClipConfig.Read(Path.Combine(GoldenFile.Root, "clip", "config.json")));
        for (var layer = 0; layer < tower.LayerCount; layer++)
        {
            var hidden = tower.HiddenState(inputs.Weights.Get("pixel_values"), layer);
            var whole = tower.AttentionProbabilities(layer, hidden).mean([1]).select(1, 0);

            var row = tower.ClassAttention(layer, hidden);

            (row - whole.narrow(1, 1, whole.shape[1] - 1)).abs().max().item<float>().ShouldBeLessThan(1e-6f);
        }
    }

    [Fact]
    public void In_bfloat16_every_tensor_stays_within_the_wider_tolerance() =>
        GoldenVerifier.Run(GoldenFile.Root, ["clip"], CPU, ScalarType.BFloat16).Where(row => !row.Passed).ShouldBeEmpty();
}
