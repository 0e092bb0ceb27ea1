using System.Runtime.InteropServices;

namespace Pipeline.Segmentation.Tests.Images;

public sealed class PreprocessGroupTests
{
    [Fact]
    public void Every_reference_tensor_passes_exactly()
    {
        var rows = GoldenCopy.Verify("preprocess");
        rows.Where(row => !row.Passed).ShouldBeEmpty();
        rows.Where(row => !row.Tensor.StartsWith("clip224", StringComparison.Ordinal) && !row.Tensor.StartsWith("metric_", StringComparison.Ordinal)).ShouldAllBe(row => row.MaxAbsError == 0);
        foreach (var name in (string[])["coords.out", "reasonseg.mask.11", "metric_expected.json all", "metric_expected.json no_object", "metric_expected.json per_sample[23]"])
            rows.Select(row => row.Tensor).ShouldContain(name);
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

    [Theory]
    [InlineData("reasonseg_cases.json", "reasonseg.mask.0")]
    [InlineData("metric_expected.json", "metric_expected.json")]
    public void A_damaged_list_of_cases_is_failed_rows_with_a_reason(string file, string row)
    {
        var rows = GoldenCopy.Verify("preprocess", folder => File.WriteAllText(Path.Combine(folder, file), "[{"));
        var failed = rows.Where(entry => !entry.Passed).ToList();
        failed.Select(entry => entry.Tensor).ShouldContain(row);
        failed.ShouldAllBe(entry => entry.Message.Length > 0);
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
