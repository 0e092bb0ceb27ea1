using Pipeline.Evaluation.Coco;

namespace Pipeline.Evaluation.Tests.Coco;

public sealed class CocoIndexTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("coco").FullName;
    private readonly CancellationToken token = TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Annotations_are_those_of_the_whole_file_read_at_once()
    {
        var all = CocoInstances.Read(Golden.File("coco/gt.json"), CocoIouType.Segm);
        using var index = CocoIndex.Read(Golden.File("coco/gt.json"), token);

        index.Images.ShouldBe(all.Images.Values);
        index.Categories.ShouldBe(all.Categories.Values);
        foreach (var image in index.Images)
        {
            var found = index.On(image).ToArray();
            var expected = all.Truths.Where(truth => truth.Image == image.Id).ToArray();
            found.Select(annotation => (annotation.Id, annotation.Category, annotation.IsCrowd)).ShouldBe(expected.Select(truth => (truth.Id, truth.Category, truth.IsCrowd)));
            found.Select(annotation => Rle.Union(annotation.DrawParts())).ShouldBe(expected.Select(truth => truth.Region.Mask!));
        }
    }

    [Fact]
    public void Places_are_right_beyond_the_first_buffer_after_a_mark_and_letters_of_several_bytes()
    {
        var padding = new string('ü', 200_000);
        var annotations = string.Join(",\n  ", Enumerable.Range(0, 40).Select(i => $$"""{"id": {{i + 1}}, "image_id": {{i % 3}}, "category_id": 1, "note": "{{padding[..(i * 4000)]}}", "segmentation": [[0, 0, 0, 2, 2, 2, 2, 0]]}"""));
        var file = Write($$"""{"note": "{{padding}}", "annotations": [{{annotations}}], "images": [{"id": 0, "height": 3, "width": 4}, {"id": 1, "height": 3, "width": 4}, {"id": 2, "height": 3, "width": 4}]}""", mark: true);
        using var index = CocoIndex.Read(file, token);

        foreach (var image in index.Images)
            index.On(image).Select(annotation => annotation.Id).ShouldBe(Enumerable.Range(0, 40).Where(i => i % 3 == image.Id).Select(i => i + 1L));
    }

    [Fact]
    public void An_annotation_of_an_image_that_is_not_listed_is_left_alone()
    {
        using var index = CocoIndex.Read(Write("""{"images": [{"id": 1, "height": 3, "width": 4}], "annotations": [{"id": 5, "image_id": 9}]}"""), token);

        index.On(index.Images[0]).ShouldBeEmpty();
        index.Find(9).ShouldBeNull();
        index.Find(1).ShouldBe(new CocoImage(1, null, 3, 4));
    }

    [Fact]
    public void A_part_is_drawn_for_each_polygon_and_none_for_an_empty_list()
    {
        using var index = CocoIndex.Read(
            Write("""
                {"images": [{"id": 1, "height": 4, "width": 4}], "annotations": [
                  {"id": 1, "image_id": 1, "category_id": 1, "segmentation": [[0, 0, 0, 2, 2, 2, 2, 0], [1, 1, 1, 3, 3, 3, 3, 1]]},
                  {"id": 2, "image_id": 1, "category_id": 1, "segmentation": []},
                  {"id": 3, "image_id": 1, "category_id": 1, "segmentation": [{"size": [4, 4], "counts": [0, 16]}, {"size": [4, 4], "counts": [4, 12]}]},
                  {"id": 4, "image_id": 1, "category_id": 1, "iscrowd": 1, "segmentation": {"size": [4, 4], "counts": [15, 1]}}]}
                """),
            token);

        var annotations = index.On(index.Images[0]).ToArray();
        annotations.Select(annotation => annotation.DrawParts().Select(part => part.Area)).ShouldBe([[4L, 4L], [], [16L, 12L], [1L]]);
        annotations.Select(annotation => annotation.IsCrowd).ShouldBe([false, false, false, true]);
    }

    [Theory]
    [InlineData("[]", "lists no images")]
    [InlineData("""[{"image_id": 1}]""", "is a list; expected an object")]
    [InlineData("""{"images": [{"id": 1, "height": 3, "width": 4}, {"id": 1, "height": 3, "width": 4}]}""", "images[1]: id 1 is already that of another image")]
    [InlineData("""{"images": [{"id": 1, "height": 3, "width": 4}], "annotations": [{"id": 2}]}""", "annotations[0]: has no image_id")]
    [InlineData("""{"images": [{"id": 1, "height": 3, "width": 4}], "annotations": [{"id": 2, "image_id": 1}""", "gt.json:1: not JSON")]
    public void A_damaged_file_is_refused_with_its_place(string content, string message) =>
        Should.Throw<InvalidDataException>(() => CocoIndex.Read(Write(content), token)).Message.ShouldContain(message);

    [Fact]
    public void A_file_that_changes_while_it_is_read_is_noticed()
    {
        var file = Write("""{"images": [{"id": 1, "height": 3, "width": 4}], "annotations": [{"id": 5, "image_id": 1, "category_id": 1}]}""");
        using var index = CocoIndex.Read(file, token);
        File.WriteAllText(file, new string(' ', 200));

        Should.Throw<InvalidDataException>(() => index.On(index.Images[0]).ToArray()).Message.ShouldContain("annotations[0]: is not what it was");
    }

    private string Write(string content, bool mark = false)
    {
        var path = Path.Combine(folder, "gt.json");
        File.WriteAllText(path, content, new System.Text.UTF8Encoding(mark));
        return path;
    }
}
