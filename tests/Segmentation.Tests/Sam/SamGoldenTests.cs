using Pipeline.Segmentation.Tests.Images;
using Pipeline.Segmentation.Verification;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Sam;

public sealed class SamGoldenTests
{
    [Fact]
    public void Every_tensor_of_sam_agrees_with_upstream()
    {
        var rows = GoldenVerifier.Run(GoldenFile.Root, ["sam"], CPU, ScalarType.Float32);

        rows.Where(row => !row.Passed).ShouldBeEmpty();
        rows.Count.ShouldBe(22);
    }

    [Fact]
    public void In_bfloat16_every_tensor_stays_within_the_wider_tolerance() =>
        GoldenVerifier.Run(GoldenFile.Root, ["sam"], CPU, ScalarType.BFloat16).Where(row => !row.Passed).ShouldBeEmpty();
}
