using Pipeline.Segmentation.Tests.Llama;
using Pipeline.Segmentation.Verification;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Verification;

public sealed class GoldenVerifierTests : IDisposable
{
    private readonly string copy = Directory.CreateTempSubdirectory("golden").FullName;

    [Theory]
    [InlineData("llama", 19)]
    [InlineData("llama_gqa", 19)]
    [InlineData("pruning", 37)]
    public void Every_tensor_of_a_language_group_is_reproduced(string group, int expected)
    {
        var rows = Verify(GoldenLlama.GoldenSet, group);
        rows.Where(row => !row.Passed).ShouldBeEmpty();
        rows.Count.ShouldBe(expected);
        rows.ShouldAllBe(row => row.MaxAbsError <= row.Tolerance);
        rows.Select(row => row.Tensor).ShouldBeUnique();
    }

    [Theory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    public void Smaller_types_pass_with_wider_tolerances_and_say_so(ScalarType dtype)
    {
        if (dtype == ScalarType.Float16 && __version__.StartsWith('1')) Assert.Skip("this libtorch multiplies no float16 matrices on the CPU");
        var rows = GoldenVerifier.Run(GoldenLlama.GoldenSet, ["llama", "pruning"], CPU, dtype);
        rows.Where(row => !row.Passed).ShouldBeEmpty();
        rows.Single(row => row is { Group: "llama", Tensor: "logits" }).Message.ShouldContain("widened");
    }

    [Fact]
    public void A_smaller_type_fails_where_a_tensor_as_a_whole_is_wrong_though_no_number_strays_far()
    {
        using var scope = NewDisposeScope();
        var expected = full([64], 0.05, ScalarType.Float64);
        GoldenComparison.Of("group", "near", expected, expected * 1.02, 1e-4, ScalarType.BFloat16).Passed.ShouldBeTrue();
        var row = GoldenComparison.Of("group", "twice", expected, expected * 2, 1e-4, ScalarType.BFloat16);
        row.Passed.ShouldBeFalse();
        row.Message.ShouldBe("rms error 100.00 % of the tensor's, more than 12.5 %");
        GoldenComparison.Of("group", "nothing", expected, expected * double.NaN, 1e-4, ScalarType.BFloat16).Passed.ShouldBeFalse();
    }

    [Fact]
    public void Every_tensor_of_every_group_is_reproduced_on_a_GPU_in_float32()
    {
        Assert.SkipUnless(cuda.is_available(), "this machine has no CUDA device");
        var rows = GoldenVerifier.Run(GoldenLlama.GoldenSet, [], CUDA, ScalarType.Float32);
        rows.Where(row => !row.Passed).ShouldBeEmpty();
        rows.Select(row => row.Group).Distinct().ShouldBe(GoldenGroups.All.Select(group => group.Name));
        (backends.cuda.matmul.allow_tf32 || backends.cudnn.allow_tf32).ShouldBeFalse();
    }

    [Fact]
    public void Every_tensor_of_every_group_is_reproduced_on_a_GPU_in_bfloat16()
    {
        Assert.SkipUnless(cuda.is_available(), "this machine has no CUDA device");
        GoldenVerifier.Run(GoldenLlama.GoldenSet, [], CUDA, ScalarType.BFloat16).Where(row => !row.Passed).ShouldBeEmpty();
    }

    [Fact]
    public void A_missing_group_is_one_failed_row()
    {
        var row = Verify(copy, "llama").ShouldHaveSingleItem();
        row.Passed.ShouldBeFalse();
        row.Message.ShouldContain("does not exist");
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("model.safetensors")]
    [InlineData("io.safetensors")]
    public void A_damaged_file_is_failed_rows_that_name_it(string file)
    {
        Copy("llama");
        var path = Path.Combine(copy, "llama", file);
        using (var stream = File.OpenWrite(path)) stream.SetLength(stream.Length / 2);
        var rows = Verify(copy, "llama");
        rows.Any(row => row.Passed).ShouldBeFalse();
        rows.ShouldContain(row => row.Message.Contains(file, StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_file_does_not_stop_the_other_groups()
    {
        Copy("llama");
        Copy("llama_gqa");
        File.Delete(Path.Combine(copy, "llama", "model.safetensors"));
        var rows = Verify(copy, "llama", "llama_gqa");
        rows.Where(row => row.Group == "llama").ShouldAllBe(row => !row.Passed);
        rows.Where(row => row.Group == "llama_gqa").ShouldAllBe(row => row.Passed);
    }

    [Fact]
    public void Weights_of_another_size_are_failed_rows_that_name_the_tensor()
    {
        Copy("llama");
        File.Copy(Path.Combine(GoldenLlama.GoldenSet, "llama_gqa", "model.safetensors"), Path.Combine(copy, "llama", "model.safetensors"), overwrite: true);
        var row = Verify(copy, "llama").ShouldHaveSingleItem();
        row.Passed.ShouldBeFalse();
        row.Message.ShouldContain("k_proj");
    }

    [Fact]
    public void Expected_values_of_another_model_fail_and_say_by_how_much()
    {
        Copy("llama");
        var path = Path.Combine(copy, "llama", "model.safetensors");
        var bytes = File.ReadAllBytes(path);
        for (var i = bytes.Length - 4096; i < bytes.Length; i += 2) bytes[i + 1] ^= 0x80;
        File.WriteAllBytes(path, bytes);
        var failed = Verify(copy, "llama").Where(row => !row.Passed).ToList();
        failed.ShouldContain(row => row.Tensor == "logits" && row.MaxAbsError > row.Tolerance);
        failed.ShouldAllBe(row => row.Message.Contains("differs", StringComparison.Ordinal) || row.Message.Contains("shape", StringComparison.Ordinal));
    }

    [Fact]
    public void An_unknown_group_is_an_error_that_lists_those_there_are() =>
        Should.Throw<ArgumentException>(() => Verify(GoldenLlama.GoldenSet, "lama")).Message.ShouldContain("llama_gqa");

    [Fact]
    public void Verification_leaves_no_tensor_behind()
    {
        Verify(GoldenLlama.GoldenSet, "pruning");
        var before = GoldenLlama.LiveTensors;
        Verify(GoldenLlama.GoldenSet, "pruning");
        GoldenLlama.LiveTensors.ShouldBe(before);
    }

    public void Dispose() => Directory.Delete(copy, recursive: true);

    private static IReadOnlyList<VerificationRow> Verify(string folder, params string[] groups) =>
        GoldenVerifier.Run(folder, groups, CPU, ScalarType.Float32);

    private void Copy(string group)
    {
        Directory.CreateDirectory(Path.Combine(copy, group));
        foreach (var file in Directory.GetFiles(Path.Combine(GoldenLlama.GoldenSet, group)))
            File.Copy(file, Path.Combine(copy, group, Path.GetFileName(file)));
    }
}
