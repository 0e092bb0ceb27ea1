using Pipeline.Segmentation.Tests.Images;

namespace Pipeline.Segmentation.Tests.Text;

public sealed class TokenizerGroupTests
{
    [Fact]
    public void Every_reference_case_passes()
    {
        var rows = GoldenCopy.Verify("tokenizer");
        rows.Where(row => !row.Passed).ShouldBeEmpty();
        rows.Count.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void One_wrong_id_fails_its_case_and_no_other()
    {
        var rows = GoldenCopy.Verify("tokenizer", folder =>
        {
            var file = Path.Combine(folder, "hf_lisa.json");
            File.WriteAllText(file, File.ReadAllText(file).Replace("\"decoded_skip\": \"Hello world\"", "\"decoded_skip\": \"Hello word\"", StringComparison.Ordinal));
        });
        rows.Single(row => !row.Passed).Tensor.ShouldBe("hf_lisa.json[0]");
    }

    [Theory]
    [InlineData("vocab.json")]
    [InlineData("hf_plain.json")]
    [InlineData("sentencepiece_raw.json")]
    [InlineData("lisa_prompts.json")]
    public void A_missing_file_is_a_failed_row_of_its_name(string name) =>
        GoldenCopy.Verify("tokenizer", folder => File.Delete(Path.Combine(folder, name))).ShouldContain(row => row.Tensor == name && !row.Passed);

    [Fact]
    public void A_damaged_vocabulary_fails_the_group_with_its_reason()
    {
        var rows = GoldenCopy.Verify("tokenizer", folder => File.WriteAllBytes(Path.Combine(folder, "tokenizer.model"), [1, 2, 3]));
        rows.Single().Message.ShouldContain("tokenizer.model");
    }
}
