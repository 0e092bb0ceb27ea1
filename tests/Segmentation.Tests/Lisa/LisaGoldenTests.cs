using Pipeline.Segmentation.Tests.Images;
using Pipeline.Segmentation.Verification;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Lisa;

public sealed class LisaGoldenTests
{
    [Fact]
    public void Every_tensor_of_lisa_agrees_with_upstream()
    {
        var rows = GoldenVerifier.Run(GoldenFile.Root, ["lisa"], CPU, ScalarType.Float32);

        rows.Where(row => !row.Passed).ShouldBeEmpty();
        rows.Count.ShouldBe(32);
        rows.Count(row => row.Tensor.StartsWith("train.", StringComparison.Ordinal)).ShouldBe(5);
        rows.Count(row => row.Tensor.StartsWith("checkpoint_bin_bf16/", StringComparison.Ordinal)).ShouldBe(11);
        rows.Select(row => row.Tensor).ShouldBeUnique();
    }

    [Fact]
    public void In_bfloat16_every_tensor_stays_within_the_wider_tolerance() =>
        GoldenVerifier.Run(GoldenFile.Root, ["lisa"], CPU, ScalarType.BFloat16).Where(row => !row.Passed).ShouldBeEmpty();
}
