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
    public void In_bfloat16_every_tensor_stays_within_the_wider_tolerance() =>
        GoldenVerifier.Run(GoldenFile.Root, ["clip"], CPU, ScalarType.BFloat16).Where(row => !row.Passed).ShouldBeEmpty();
}
