using System.Text.Json.Nodes;
using Pipeline.Segmentation.Tests.Images;
using Pipeline.Segmentation.Verification;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Superpixels;

public sealed class SlicGroupTests : IDisposable
{
    private readonly string copy = Directory.CreateTempSubdirectory("slic").FullName;

    public SlicGroupTests()
    {
        Directory.CreateDirectory(Path.Combine(copy, "slic"));
        foreach (var file in Directory.GetFiles(Path.Combine(GoldenFile.Root, "slic"))) File.Copy(file, Path.Combine(copy, "slic", Path.GetFileName(file)));
    }

    private string CasesFile => Path.Combine(copy, "slic", "cases.json");

    [Fact]
    public void Every_expected_tensor_of_the_golden_set_is_reproduced()
    {
        var rows = Verify(GoldenFile.Root);
        rows.Where(row => !row.Passed).ShouldBeEmpty();
        string[] expected = [.. new GoldenFile("slic").Names.Where(name => name.StartsWith("lab", StringComparison.Ordinal)), "gray.labels"];
        rows.Select(row => row.Tensor).Order().ShouldBe(expected.Order());
        rows.Where(row => row.Tensor.Contains("labels", StringComparison.Ordinal)).ShouldAllBe(row => row.MaxAbsError == 0 && row.Tolerance == 0);
    }

    [Fact]
    public void Another_option_is_a_row_that_counts_the_pixels_that_differ()
    {
        Change(cases => cases[0]!["params"]!["compactness"] = 11.0);
        var row = Verify(copy).Where(row => !row.Passed).ShouldHaveSingleItem();
        row.Tensor.ShouldBe("labels.0.0");
        row.MaxAbsError!.Value.ShouldBeInRange(1, 64 * 80);
    }

    [Fact]
    public void An_unknown_parameter_fails_its_case_only_and_is_named()
    {
        Change(cases => cases[1]!["params"]!["smoothness"] = 1);
        var row = Verify(copy).Where(row => !row.Passed).ShouldHaveSingleItem();
        row.Tensor.ShouldBe("labels.0.1");
        row.Message.ShouldContain("smoothness");
    }

    [Fact]
    public void A_parameter_of_the_wrong_kind_is_named()
    {
        Change(cases => cases[2]!["params"]!["sigma"] = "wide");
        Verify(copy).Where(row => !row.Passed).ShouldHaveSingleItem().Message.ShouldContain("'sigma' has the value wide");
    }

    [Fact]
    public void Labels_without_a_case_do_not_pass_unseen()
    {
        Change(cases => cases.RemoveAt(3));
        var row = Verify(copy).Where(row => !row.Passed).ShouldHaveSingleItem();
        row.Tensor.ShouldBe("labels.0.3");
        row.Message.ShouldContain("cases.json");
    }

    [Fact]
    public void A_damaged_list_of_cases_fails_all_labels_of_colour_images()
    {
        File.WriteAllText(CasesFile, "[{");
        var rows = Verify(copy);
        rows.Where(row => row.Passed).Select(row => row.Tensor).Order().ShouldBe(["gray.labels", "lab.0", "lab_slic.0"]);
    }

    public void Dispose() => Directory.Delete(copy, recursive: true);

    private static IReadOnlyList<VerificationRow> Verify(string folder) => GoldenVerifier.Run(folder, ["slic"], CPU, ScalarType.Float32);

    private void Change(Action<JsonArray> change)
    {
        var cases = JsonNode.Parse(File.ReadAllText(CasesFile))!.AsArray();
        change(cases);
        File.WriteAllText(CasesFile, cases.ToJsonString());
    }
}
