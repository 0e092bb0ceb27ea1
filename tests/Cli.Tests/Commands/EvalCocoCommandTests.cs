using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Cli.Commands;

namespace Pipeline.Cli.Tests.Commands;

public sealed class EvalCocoCommandTests : IDisposable
{
    private static readonly string Golden = GoldenFolder();

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("segm")]
    [InlineData("bbox")]
    public async Task Json_has_pycocotools_twelve_numbers(string type)
    {
        var outcome = await EvalAsync("--gt", Path.Combine(Golden, "gt.json"), "--dt", Path.Combine(Golden, "dt.json"), "--type", type, "--json");
        outcome.Code.ShouldBe(0, outcome.Error);
        var expected = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Golden, "cocoeval_expected.json"), TestContext.Current.CancellationToken))![type]!.AsObject();
        JsonNode.Parse(outcome.Output)!["stats"].Deserialize<double[]>().ShouldBe(expected.Select(number => number.Value!.GetValue<double>()));
    }

    [Fact]
    public async Task The_table_is_the_one_that_pycocotools_prints()
    {
        var outcome = await EvalAsync("--gt", Path.Combine(Golden, "gt.json"), "--dt", Path.Combine(Golden, "dt.json"));
        outcome.Code.ShouldBe(0, outcome.Error);
        outcome.Error.ShouldBeEmpty();
        outcome.Output.ShouldBe(
            """
             Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = 0.189
             Average Precision  (AP) @[ IoU=0.50      | area=   all | maxDets=100 ] = 0.325
             Average Precision  (AP) @[ IoU=0.75      | area=   all | maxDets=100 ] = 0.186
             Average Precision  (AP) @[ IoU=0.50:0.95 | area= small | maxDets=100 ] = 0.096
             Average Precision  (AP) @[ IoU=0.50:0.95 | area=medium | maxDets=100 ] = 0.354
             Average Precision  (AP) @[ IoU=0.50:0.95 | area= large | maxDets=100 ] = -1.000
             Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets=  1 ] = 0.243
             Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets= 10 ] = 0.380
             Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = 0.380
             Average Recall     (AR) @[ IoU=0.50:0.95 | area= small | maxDets=100 ] = 0.213
             Average Recall     (AR) @[ IoU=0.50:0.95 | area=medium | maxDets=100 ] = 0.509
             Average Recall     (AR) @[ IoU=0.50:0.95 | area= large | maxDets=100 ] = -1.000

            """);
    }

    [Theory]
    [InlineData("""[{"image_id": 4711, "category_id": 1, "score": 1, "bbox": [0, 0, 1, 1]}]""", "error: dt.json [0]: image_id 4711 is not an image of gt.json")]
    [InlineData("""{"annotations": [{}]}""", "error: dt.json is an object with 'annotations'; expected a list of detections")]
    [InlineData("", "error: dt.json:1: not JSON")]
    [InlineData("""[{"image_id": 1}]""", "error: dt.json [0]: has no category_id")]
    public async Task Wrong_detections_are_bad_input_with_their_place(string content, string message)
    {
        var outcome = await EvalAsync("--gt", Path.Combine(Golden, "gt.json"), "--dt", folder.Write("dt.json", content));
        outcome.Code.ShouldBe(2);
        outcome.Output.ShouldBeEmpty();
        outcome.Error.ShouldStartWith(message);
    }

    [Fact]
    public async Task Detections_of_a_category_that_is_not_listed_are_said_not_to_count()
    {
        var outcome = await EvalAsync("--gt", Path.Combine(Golden, "gt.json"), "--dt", folder.Write("dt.json", """[{"image_id": 1, "category_id": 3, "score": 1, "bbox": [0, 0, 1, 1]}]"""));
        outcome.Code.ShouldBe(0);
        outcome.Error.ShouldStartWith("note: 1 of 1 detections have a category that gt.json does not list");
    }

    [Fact]
    public async Task A_file_that_is_missing_or_a_folder_is_bad_input()
    {
        var missing = await EvalAsync("--gt", folder["none.json"], "--dt", Path.Combine(Golden, "dt.json"));
        missing.Code.ShouldBe(2);
        missing.Error.ShouldBe($"error: {folder["none.json"]} does not exist; expected a COCO instances file\n");
        var directory = await EvalAsync("--gt", Path.Combine(Golden, "gt.json"), "--dt", folder.Path);
        directory.Code.ShouldBe(2);
        directory.Error.ShouldBe($"error: {folder.Path} is a folder; expected a COCO results file\n");
    }

    [Fact]
    public async Task Another_type_is_refused()
    {
        var outcome = await EvalAsync("--gt", "gt.json", "--dt", "dt.json", "--type", "keypoints");
        outcome.Code.ShouldBe(2);
        outcome.Error.ShouldContain("'keypoints' not recognized");
    }

    private static Task<Terminal.Outcome> EvalAsync(params string[] arguments) => Terminal.RunAsync(EvalCocoCommand.Create(), ["coco", .. arguments]);

    private static string GoldenFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Pipeline.sln")))
            folder = folder.Parent;
        return Path.Combine(folder.FullName, "tests", "golden", "coco");
    }
}
