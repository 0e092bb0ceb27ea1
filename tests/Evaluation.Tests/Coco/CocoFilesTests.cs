using Pipeline.Evaluation.Coco;

namespace Pipeline.Evaluation.Tests.Coco;

public sealed class CocoFilesTests : IDisposable
{
    private const string Truth = """
        {"info": {"a": [1, {"b": 2}]}, "annotations": [{"id": 5, "image_id": 1, "category_id": 2, "area": 4, "bbox": [0, 0, 2, 2], "segmentation": [[0, 0, 0, 2, 2, 2, 2, 0]]}],
         "images": [{"id": 1, "height": 3, "width": 4}], "categories": [{"id": 2, "name": "cat"}]}
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("coco").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_lists_of_an_instances_file_may_stand_in_any_order()
    {
        var truth = CocoInstances.Read(Write("gt.json", Truth), CocoIouType.Segm);
        truth.Images[1].ShouldBe(new CocoImage(1, null, 3, 4));
        truth.Categories[2].Name.ShouldBe("cat");
        truth.Truths.Single().Region.Mask.ShouldBe(Rle.FromBox(0, 0, 2, 2, 3, 4));
    }

    [Fact]
    public void Items_longer_than_the_first_buffer_are_read_whole()
    {
        var name = new string('x', 700_000);
        var images = string.Join(',', Enumerable.Range(1, 3).Select(id => $$"""{"id": {{id}}, "height": 3, "width": 4, "file_name": "{{id}}{{name}}"}"""));
        var truth = CocoInstances.ReadIndex(Write("gt.json", $$"""{"other": "{{name}}", "images": [{{images}}]}"""));
        truth.Images.Values.Select(image => image.File).ShouldBe(["1" + name, "2" + name, "3" + name]);
    }

    [Fact]
    public void A_file_may_begin_with_a_byte_order_mark() => CocoInstances.ReadIndex(Write("gt.json", "\uFEFF" + Truth)).Images.Count.ShouldBe(1);

    [Fact]
    public void Boxes_without_masks_are_compared_as_masks_of_boxes()
    {
        var detection = Detections("""[{"image_id": 1, "category_id": 2, "score": 0.5, "bbox": [1, 0, 2, 2]}]""", CocoIouType.Segm).Single();
        detection.Region.Mask.ShouldBe(Rle.FromBox(1, 0, 2, 2, 3, 4));
        detection.Region.Area.ShouldBe(4);
    }

    [Fact]
    public void As_in_pycocotools_a_first_detection_with_a_box_makes_all_areas_those_of_boxes()
    {
        const string Both = """{"image_id": 1, "category_id": 2, "score": 0.5, "bbox": [0, 0, 3, 3], "segmentation": {"size": [3, 4], "counts": [0, 2, 10]}}""";
        const string Mask = """{"image_id": 1, "category_id": 2, "score": 0.5, "segmentation": {"size": [3, 4], "counts": [0, 2, 10]}}""";
        Detections($"[{Both}]", CocoIouType.Segm).Single().Region.Area.ShouldBe(9);
        Detections($"[{Mask}, {Both}]", CocoIouType.Segm).Select(detection => detection.Region.Area).ShouldBe([2, 2]);
        Detections($"[{Mask}]", CocoIouType.Bbox).Single().Region.Box.ShouldBe(new CocoBox(0, 0, 1, 2));
    }

    [Fact]
    public void An_empty_list_is_no_detections() => Detections("[]", CocoIouType.Segm).ShouldBeEmpty();

    [Theory]
    [InlineData("", "gt.json:1: not JSON")]
    [InlineData("[]", "gt.json lists no images")]
    [InlineData("[{}]", "gt.json is a list; expected an object with images")]
    [InlineData("12", "gt.json: expected a list, or an object of lists")]
    [InlineData("{\"images\": [}", "gt.json:1: not JSON")]
    [InlineData("{\"images\": [{\"id\": 1", "gt.json:1: not JSON")]
    [InlineData("{\"images\": []}\n x", "gt.json:2: not JSON")]
    [InlineData("{\"images\": [{\"id\": 1, \"file_name\": \"\\ud83d\"}]}", "gt.json: not JSON: A text has half a character")]
    [InlineData("{\"\\ud83d\": []}", "gt.json: not JSON: the name of a list is no valid text")]
    [InlineData("{\"images\": [7]}", "gt.json images[0]: expected an object, found the number 7")]
    [InlineData("{\"images\": [{\"id\": 1, \"height\": 3}]}", "gt.json images[0]: has no width")]
    [InlineData("{\"images\": [{\"id\": 1, \"height\": 0, \"width\": 3}]}", "gt.json images[0].height: expected a number of pixels from 1 to 65536, found 0")]
    [InlineData("{\"images\": [{\"id\": 1, \"height\": 65536, \"width\": 65536}]}", "gt.json images[0]: has 65536x65536 pixels; at most 268435456")]
    [InlineData("{\"images\": [{\"id\": 1, \"height\": 3, \"width\": 3}, {\"id\": 1, \"height\": 3, \"width\": 3}]}", "gt.json images[1]: id 1 is already that of another image")]
    [InlineData("{\"images\": [{\"id\": \"1\", \"height\": 3, \"width\": 3}]}", "gt.json images[0].id: expected a whole number, found text")]
    public void A_wrong_instances_file_is_refused_with_its_place(string content, string message) =>
        Should.Throw<InvalidDataException>(() => CocoInstances.Read(Write("gt.json", content), CocoIouType.Segm)).Message.ShouldStartWith(message);

    [Theory]
    [InlineData("\"id\": 5, ", "", "annotations[0]: has no id")]
    [InlineData("\"area\": 4, ", "", "annotations[0]: has no area")]
    [InlineData("[[0, 0, 0, 2, 2, 2, 2, 0]]", "[[0, 0, 1]]", "annotations[0].segmentation[0]: has 3 numbers; a polygon has at least 6")]
    [InlineData("[[0, 0, 0, 2, 2, 2, 2, 0]]", "[[0, 0, 0, 2, 2, 2, 2]]", "annotations[0].segmentation[0]: A polygon is a list of x, y")]
    [InlineData("[[0, 0, 0, 2, 2, 2, 2, 0]]", "[[0, 0, 0, 2, 2, \"a\"]]", "annotations[0].segmentation[0][5]: expected a number, found text")]
    [InlineData("[[0, 0, 0, 2, 2, 2, 2, 0]]", "7", "annotations[0].segmentation: expected a list of polygons")]
    [InlineData("[[0, 0, 0, 2, 2, 2, 2, 0]]", "{\"size\": [4, 3], \"counts\": [12]}", "annotations[0].segmentation: the mask has 4x3 pixels (height x width), its image 3x4")]
    [InlineData("[[0, 0, 0, 2, 2, 2, 2, 0]]", "{\"size\": [3, 4], \"counts\": [11]}", "annotations[0].segmentation: The counts cover 11 pixels")]
    [InlineData("[[0, 0, 0, 2, 2, 2, 2, 0]]", "{\"size\": [3, 4], \"counts\": \"zz\"}", "annotations[0].segmentation: Character 0 of the counts")]
    [InlineData("\"area\": 4", "\"iscrowd\": \"no\", \"area\": 4", "annotations[0].iscrowd: expected 0 or 1, found text")]
    [InlineData("\"area\": 4", "\"area\": 1e999", "annotations[0].area: expected a number")]
    public void A_wrong_annotation_is_refused_with_its_place(string right, string wrong, string message)
    {
        Truth.ShouldContain(right);
        var path = Write("gt.json", Truth.Replace(right, wrong, StringComparison.Ordinal));
        Should.Throw<InvalidDataException>(() => CocoInstances.Read(path, CocoIouType.Segm)).Message.ShouldStartWith("gt.json " + message);
    }

    [Theory]
    [InlineData("{\"annotations\": [{}]}", "is an object with 'annotations'; expected a list of detections")]
    [InlineData("[{\"image_id\": 9}]", "[0]: image_id 9 is not an image of gt.json")]
    [InlineData("[{\"image_id\": 1, \"category_id\": 2, \"score\": \"high\"}]", "[0].score: expected a number, found text")]
    [InlineData("[{\"image_id\": 1, \"category_id\": 2, \"score\": 1}]", "[0]: has neither bbox nor segmentation")]
    [InlineData("[{\"image_id\": 1, \"category_id\": 2, \"score\": 1, \"bbox\": [1, 2]}]", "[0].bbox: expected [x, y, width, height], found a list")]
    [InlineData("[{\"image_id\": 1, \"category_id\": 2, \"score\": NaN}]", "not JSON")]
    public void A_wrong_detection_is_refused_with_its_place(string content, string message)
    {
        var fault = Should.Throw<InvalidDataException>(() => Detections(content, CocoIouType.Segm)).Message;
        fault.ShouldStartWith("dt.json");
        fault.ShouldContain(message);
    }

    [Fact]
    public void Two_annotations_of_one_id_are_refused()
    {
        var annotation = Truth[(Truth.IndexOf("[{\"id\": 5", StringComparison.Ordinal) + 1)..(Truth.IndexOf("]]}],", StringComparison.Ordinal) + 3)];
        var path = Write("gt.json", Truth.Replace(annotation, $"{annotation}, {annotation}", StringComparison.Ordinal));
        Should.Throw<InvalidDataException>(() => CocoInstances.Read(path, CocoIouType.Segm)).Message.ShouldStartWith("gt.json annotations[1]: id 5 is already that of annotations[0]");
    }

    [Fact]
    public void A_small_file_nested_without_end_is_refused() =>
        Should.Throw<InvalidDataException>(() => CocoInstances.Read(Write("gt.json", $$"""{"images": [{{new string('[', 100_000)}}"""), CocoIouType.Segm)).Message.ShouldContain("not JSON");

    private IReadOnlyList<CocoDetection> Detections(string content, CocoIouType type) =>
        CocoResults.Read(Write("dt.json", content), CocoInstances.Read(Write("gt.json", Truth), type), type);

    private string Write(string name, string content)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, content);
        return path;
    }
}
