using System.Security.Cryptography;
using System.Text;
using Pipeline.Contracts.Datasets.ReasonSeg;
using Pipeline.Contracts.Files;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;

namespace Pipeline.Contracts.Tests.Datasets;

public sealed class ReasonSegDatasetTests : IDisposable
{
    private const string Annotation = """
        {"shapes": [{"label": "target", "points": [[1, 2], [3.5, 4], [5, 6]], "flags": {}}, {"label": "flag", "points": []}, {"label": "Ignore", "points": [[7, 8]]}],
         "text": [" Where would one sit? ", "a chair"], "is_sentence": true, "version": 1}
        """;

    private readonly TemporaryFolder folder = new();
    private readonly CancellationToken token = TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_pair_of_files_is_a_sample_with_its_first_text_and_its_polygons()
    {
        Pair("b", Annotation);
        Pair("a", Annotation.Replace("true", "false", StringComparison.Ordinal));

        var samples = await ReadAsync();

        samples.Select(sample => sample.Id).ShouldBe(["a", "b"]);
        samples[1].Image.Path.ShouldBe(folder["set/val/b.jpg"]);
        samples[1].ContentHash.ShouldBe(Convert.ToHexStringLower(SHA256.HashData("pixels of b"u8)));
        var expression = samples[1].Expressions.ShouldHaveSingleItem();
        (expression.Text, expression.IsSentence, expression.Kind).ShouldBe(("Where would one sit?", true, null));
        expression.Mask!.Shapes!.Select(shape => shape.Label).ShouldBe(["target", "Ignore"]);
        expression.Mask.Shapes![0].Points.ShouldBe([(1, 2), (3.5, 4), (5, 6)]);
        samples[0].Expressions.ShouldHaveSingleItem().IsSentence.ShouldBeFalse();
    }

    [Fact]
    public async Task All_texts_are_expressions_where_that_is_asked_for()
    {
        Pair("a", Annotation);

        var expressions = (await ReadAsync("all")).ShouldHaveSingleItem().Expressions;

        expressions.Select(expression => expression.Text).ShouldBe(["Where would one sit?", "a chair"]);
        expressions[1].Mask.ShouldBe(expressions[0].Mask);
        expressions.ShouldAllBe(expression => expression.IsSentence);
    }

    [Fact]
    public async Task An_annotation_that_is_not_UTF_8_is_read_as_code_page_1252()
    {
        Pair("a", Annotation);
        File.WriteAllBytes(folder["set/val/a.json"], Encoding.Latin1.GetBytes(Annotation.Replace("a chair", "x", StringComparison.Ordinal).Replace("Where would", "\u0093caf\u00e9\u0094", StringComparison.Ordinal)));

        (await ReadAsync())[0].Expressions[0].Text.ShouldBe("“café” one sit?");
    }

    [Fact]
    public async Task An_image_that_is_missing_has_no_hash_and_the_dataset_goes_on()
    {
        Pair("a", Annotation);
        Pair("b", Annotation);
        File.Delete(folder["set/val/a.jpg"]);

        var samples = await ReadAsync();

        samples.Select(sample => sample.ContentHash is null).ShouldBe([true, false]);
        samples[0].Image.Path.ShouldBe(folder["set/val/a.jpg"]);
    }

    [Fact]
    public async Task An_image_without_annotation_stops_the_reading()
    {
        Pair("a", Annotation);
        folder.Write("set/val/b.jpg", "pixels");

        (await Should.ThrowAsync<InvalidDataException>(() => ReadAsync())).Message.ShouldBe($"{folder["set/val/b.jpg"]} has no b.json beside it; every image needs its annotation");
    }

    [Theory]
    [InlineData("{", ":1: not JSON")]
    [InlineData("[]", ": expected an object with shapes, found a list")]
    [InlineData("""{"text": ["x"], "is_sentence": true}""", ": has no shapes; expected a list of polygons")]
    [InlineData("""{"shapes": [], "text": ["x"]}""", ": has no is_sentence; expected true or false")]
    [InlineData("""{"shapes": [], "text": ["x"], "is_sentence": 1}""", " is_sentence: expected true or false, found the number 1")]
    [InlineData("""{"shapes": [], "is_sentence": true}""", ": has no text; expected a list of texts")]
    [InlineData("""{"shapes": [], "text": [], "is_sentence": true}""", " text: is an empty list; expected at least one text")]
    [InlineData("""{"shapes": [], "text": "x", "is_sentence": true}""", " text: expected a list of texts, found text")]
    [InlineData("""{"shapes": [], "text": [" "], "is_sentence": true}""", " text[0]: is empty; expected text")]
    [InlineData("""{"shapes": [], "text": [7], "is_sentence": true}""", " text[0]: expected text, found the number 7")]
    [InlineData("""{"shapes": [{}], "text": ["x"], "is_sentence": true}""", " shapes[0]: has no label; expected target, ignore or flag")]
    [InlineData("""{"shapes": [{"label": "target", "points": []}], "text": ["x"], "is_sentence": true}""", " shapes[0].points: is an empty list; a polygon has at least one corner")]
    [InlineData("""{"shapes": [{"label": "target", "points": [[1, 2], [3]]}], "text": ["x"], "is_sentence": true}""", " shapes[0].points[1]: expected [x, y]")]
    [InlineData("""{"shapes": [{"label": "target", "points": [[1, "2"]]}], "text": ["x"], "is_sentence": true}""", " shapes[0].points[0][1]: expected a number of at most 1048576, found text")]
    [InlineData("""{"shapes": [{"label": "target", "points": [[1e300, 2]]}], "text": ["x"], "is_sentence": true}""", " shapes[0].points[0][0]: expected a number of at most 1048576")]
    public async Task A_damaged_annotation_is_named_with_its_field_and_what_would_be_right(string annotation, string message)
    {
        Pair("a", annotation);

        (await Should.ThrowAsync<InvalidDataException>(() => ReadAsync())).Message.ShouldStartWith(folder["set/val/a.json"] + message);
    }

    [Fact]
    public async Task A_text_of_any_length_is_not_taken()
    {
        Pair("a", Annotation.Replace("a chair", "x", StringComparison.Ordinal).Replace("Where", new string('w', 4100), StringComparison.Ordinal));

        (await Should.ThrowAsync<InvalidDataException>(() => ReadAsync())).Message.ShouldContain("text[0]: has 4115 characters; use at most 4096");
    }

    [Fact]
    public async Task A_link_that_leads_out_of_the_roots_is_not_followed()
    {
        Pair("a", Annotation);
        folder.Write("outside/secret.json", Annotation);
        folder.Write("set/val/b.jpg", "pixels");
        File.CreateSymbolicLink(folder["set/val/b.json"], folder["outside/secret.json"]);

        (await ReadAsync()).Count.ShouldBe(2);
        (await Should.ThrowAsync<InvalidDataException>(() => ReadAsync(roots: new DataRoots([folder["set"]])))).Message.ShouldContain("'b.json' lies outside of the orchestrator's data folders");
    }

    [Fact]
    public void Splits_are_the_folders_that_hold_a_pair()
    {
        Pair("a", Annotation);
        folder.Write("set/train/x.jpg", "");
        folder.Write("set/train/x.json", "");
        folder.Write("set/explanatory/train.json", "");
        folder.Write("set/images/y.jpg", "");

        ReasonSegDataset.Splits(folder["set"]).ShouldBe(["train", "val"]);
    }

    private void Pair(string name, string annotation)
    {
        folder.Write($"set/val/{name}.jpg", $"pixels of {name}");
        folder.Write($"set/val/{name}.json", annotation);
    }

    private async Task<List<Sample>> ReadAsync(string texts = "first", DataRoots? roots = null)
    {
        var dataset = new DatasetSpec("reasonseg") { Path = folder["set"], Split = "val", Texts = texts };
        return await ReasonSegDataset.ReadAsync(dataset, roots ?? DataRoots.Everywhere, token).ToListAsync(token);
    }
}
