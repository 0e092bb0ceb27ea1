using System.Runtime.InteropServices;

namespace Pipeline.Segmentation.Tests.Images;

public sealed class PreprocessGroupTests
{
    [Fact]
    public void Every_reference_tensor_passes_exactly()
    {
        var rows = GoldenCopy.Verify("preprocess");
        rows.Where(row => !row.Passed).ShouldBeEmpty();
        rows.Where(row => !row.Tensor.StartsWith("clip224", StringComparison.Ordinal)).ShouldAllBe(row => row.MaxAbsError == 0);
        rows.Select(row => row.Tensor).ShouldContain("coords.out");
    }

    [Fact]
    public void A_truncated_file_is_failed_rows_with_a_reason()
    {
        var rows = GoldenCopy.Verify("preprocess", folder =>
        {
            var path = Path.Combine(folder, "io.safetensors");
            File.WriteAllBytes(path, File.ReadAllBytes(path)[..5000]);
        });
        rows.ShouldAllBe(row => !row.Passed && row.Message.Length > 0);
    }

    [Fact]
    public void A_point_that_no_size_explains_fails()
    {
        var moved = new GoldenFile("preprocess").Values<double>("coords.out");
        var rows = GoldenCopy.Verify("preprocess", folder =>
        {
            var path = Path.Combine(folder, "io.safetensors");
            var bytes = File.ReadAllBytes(path);
            var at = bytes.AsSpan().IndexOf(MemoryMarshal.AsBytes(moved.AsSpan()));
            bytes[at] ^= 1;
            File.WriteAllBytes(path, bytes);
        });
        rows.Single(row => !row.Passed).Tensor.ShouldBe("coords.out");
    }
}
