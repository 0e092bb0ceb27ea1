using Pipeline.Contracts.Datasets.Coco;
using Pipeline.Contracts.Files;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;

namespace Pipeline.Contracts.Tests.Datasets;

public sealed class CocoDatasetTests : IDisposable
{
    private const string Images = """[{"id": 7, "file_name": "b.jpg", "height": 4, "width": 4}, {"id": 3, "file_name": "sub/a.jpg", "height": 4, "width": 4}, {"id": 5, "file_name": "empty.jpg", "height": 4, "width": 4}, {"id": 6, "file_name": "crowd.jpg", "height": 4, "width": 4}]""";

    private const string Categories = """[{"id": 2, "name": "dog", "supercategory": "animal"}, {"id": 1, "name": "person", "supercategory": "person"}]""";

    private const string Annotations = """
        [{"id": 1, "image_id": 3, "category_id": 1, "iscrowd": 0, "segmentation": [[0, 0, 1, 0, 1, 4, 0, 4]]},
         {"id": 2, "image_id": 7, "category_id": 1, "segmentation": [[0, 0, 2, 0, 2, 2, 0, 2]]},
         {"id": 3, "image_id": 3, "category_id": 2, "iscrowd": 0, "segmentation": [[2, 0, 3, 0, 3, 4, 2, 4]]},
         {"id": 4, "image_id": 3, "category_id": 1, "iscrowd": 0, "segmentation": [[0, 0, 2, 0, 2, 1, 0, 1]]},
         {"id": 5, "image_id": 3, "category_id": 1, "iscrowd": 1, "segmentation": {"size": [4, 4], "counts": [0, 8, 4, 4]}},
         {"id": 6, "image_id": 6, "category_id": 1, "iscrowd": 1, "segmentation": {"size": [4, 4], "counts": [0, 8, 8]}},
         {"id": 7, "image_id": 7, "category_id": 2, "iscrowd": 1, "segmentation": {"size": [4, 4], "counts": [0, 8, 8]}}]
        """;

    private readonly TemporaryFolder folder = new();
    private readonly List<string> skipped = [];
    private readonly CancellationToken token = TestContext.Current.CancellationToken;

    public CocoDatasetTests() => folder.Write("val2017/sub/a.jpg", "pixels");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_sample_is_an_image_and_an_expression_a_category_of_which_it_shows_an_instance()
    {
        var samples = await ReadAsync();

        samples.Select(sample => sample.Id).ShouldBe(["7", "3"]);
        samples[0].Expressions.Select(expression => (expression.Text, expression.Kind)).ShouldBe([("person", "person")]);
        samples[1].Expressions.Select(expression => (expression.Text, expression.Kind)).ShouldBe([("dog", "animal"), ("person", "person")]);
        samples.SelectMany(sample => sample.Expressions).ShouldAllBe(expression => !expression.IsSentence);
        samples[1].Image.Path.ShouldBe(folder["val2017/sub/a.jpg"]);
        samples.Select(sample => sample.ContentHash is null).ShouldBe([true, false]);
        skipped.Order().ShouldBe(["images with crowd regions only", "images without annotations"]);
    }

    [Fact]
    public async Task The_truth_is_the_union_of_a_categorys_instances_and_its_crowds_are_ignored_outside_of_them()
    {
        var expressions = (await ReadAsync())[1].Expressions;

        MaskLabels.Decode(expressions[0].Mask!).ShouldBe([0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0]);
        MaskLabels.Decode(expressions[1].Mask!).ShouldBe([1, 1, 0, 255, 1, 255, 0, 255, 1, 255, 0, 255, 1, 255, 0, 255]);
    }

    [Theory]
    [InlineData(32, true)]
    [InlineData(33, false)]
    public async Task Supercategories_are_kinds_where_a_report_can_tell_them_apart(int count, bool told)
    {
        var many = string.Join(',', Enumerable.Range(10, count - 2).Select(id => $$"""{"id": {{id}}, "name": "n{{id}}", "supercategory": "s{{id}}"}"""));

        var samples = await ReadAsync(categories: $"{Categories[..^1]}, {many}]");

        samples[0].Expressions[0].Kind.ShouldBe(told ? "person" : null);
    }

    [Fact]
    public async Task Without_supercategories_there_are_no_kinds() =>
        (await ReadAsync(categories: """[{"id": 2, "name": "dog"}, {"id": 1, "name": " person "}]"""))[0].Expressions.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            expression => expression.Text.ShouldBe("person"),
            expression => expression.Kind.ShouldBeNull());

    [Theory]
    [InlineData("""[{"id": 1, "name": "person"}]""", "gt.json annotations[6]: category_id 2 is none of the file's categories")]
    [InlineData("""[{"id": 1}]""", "gt.json categories[0]: has no name")]
    public async Task A_category_that_cannot_be_asked_for_is_named(string categories, string message) =>
        (await Should.ThrowAsync<InvalidDataException>(() => ReadAsync(categories: categories))).Message.ShouldContain(message);

    [Fact]
    public async Task A_damaged_mask_stops_the_reading_with_its_place() =>
        (await Should.ThrowAsync<InvalidDataException>(() => ReadAsync(Annotations.Replace("[[0, 0, 2, 0, 2, 2, 0, 2]]", "[[0, 0, 2]]", StringComparison.Ordinal)))).Message
            .ShouldBe("gt.json annotations[1].segmentation[0]: has 3 numbers; a polygon has at least 6");

    [Fact]
    public async Task A_file_without_any_instance_is_no_dataset() =>
        (await Should.ThrowAsync<InvalidDataException>(() => ReadAsync("[]"))).Message.ShouldContain("none of its 4 images has an annotation");

    [Theory]
    [InlineData("../b.jpg")]
    [InlineData("/b.jpg")]
    [InlineData("sub/../../b.jpg")]
    public async Task A_name_that_leads_out_of_the_images_is_refused(string name) =>
        (await Should.ThrowAsync<InvalidDataException>(() => ReadAsync(images: Images.Replace("b.jpg", name, StringComparison.Ordinal)))).Message
            .ShouldBe($"gt.json images: the file_name of the one with id 7: '{name}' leads out of {folder["val2017"]}; use a path inside it");

    [Fact]
    public async Task An_image_without_a_name_is_named_by_its_id() =>
        (await Should.ThrowAsync<InvalidDataException>(() => ReadAsync(images: Images.Replace("\"file_name\": \"b.jpg\", ", "", StringComparison.Ordinal)))).Message
            .ShouldContain("gt.json images: the one with id 7 has no file_name");

    private async Task<List<Sample>> ReadAsync(string annotations = Annotations, string categories = Categories, string images = Images)
    {
        var file = folder.Write("gt.json", $$"""{"images": {{images}}, "annotations": {{annotations}}, "categories": {{categories}}}""");
        return await CocoDataset.ReadAsync(new DatasetSpec("coco") { Path = file, Images = folder["val2017"] }, DataRoots.Everywhere, skipped.Add, token).ToListAsync(token);
    }
}
