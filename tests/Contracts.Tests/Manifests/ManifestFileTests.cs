using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pipeline.Contracts.Manifests;
using Pipeline.Evaluation;

namespace Pipeline.Contracts.Tests.Manifests;

public sealed class ManifestFileTests : IDisposable
{
    private const string Good = """{"id":"a","image":"images/a.jpg","expressions":[{"text":"the cup"}]}""";

    private readonly TemporaryFolder folder = new();
    private readonly CancellationToken token = TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Paths_are_relative_to_the_manifest_and_images_are_hashed()
    {
        folder.Write("set/images/a.jpg", "pixels");
        var samples = await ReadAsync("""
            {"id":"a","image":"images/a.jpg","expressions":[{"text":"the cup","mask":{"size":[4,3],"counts":"0<`"}},{"text":"Where?","sentence":true,"mask":"masks/a.png"},{"text":"x","mask":null}]}

            {"id":"b","image":"images/missing.jpg","expressions":[{"text":"the cup"}]}
            """);

        samples.Count.ShouldBe(2);
        samples[0].Image.Path.ShouldBe(folder["set/images/a.jpg"]);
        samples[0].ContentHash.ShouldBe(Convert.ToHexStringLower(SHA256.HashData("pixels"u8)));
        samples[0].Expressions.ShouldBe([
            samples[0].Expressions[0] with { Text = "the cup", IsSentence = false },
            new Expression("Where?", true, new MaskSource { Path = folder["set/masks/a.png"] }),
            new Expression("x", false, null)]);
        samples[0].Expressions[0].Mask!.Rle.ShouldBe(new Rle(4, 3, "0<`"));
        samples[1].ContentHash.ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"id":"b" """, "set.jsonl:2: not a JSON object")]
    [InlineData("""{"id":"\ud83d","image":"a","expressions":[{"text":"x"}]}""", "set.jsonl:2: not a JSON object on one line: A text has half a character")]
    [InlineData("""{"id":"b","image":"a","expressions":[{"te\udc00xt":"x"}]}""", "set.jsonl:2: not a JSON object on one line: A text has half a character")]
    [InlineData("""["b"]""", "set.jsonl:2: expected an object with id, image or expressions, found a list")]
    [InlineData("""{"image":"a","expressions":[{"text":"x"}]}""", "set.jsonl:2 id: is missing")]
    [InlineData("""{"id":7,"image":"a","expressions":[{"text":"x"}]}""", "set.jsonl:2 id: expected text, found the number 7")]
    [InlineData("""{"id":"a","image":"a","expressions":[{"text":"x"}]}""", "set.jsonl:2 id: 'a' is already on line 1")]
    [InlineData("""{"id":"b","id":"c","image":"a","expressions":[{"text":"x"}]}""", "set.jsonl:2: not a JSON object on one line: Duplicate property 'id'")]
    [InlineData("""{"id":"b","img":"a","expressions":[{"text":"x"}]}""", "set.jsonl:2: 'img' is not known here; use id, image or expressions")]
    [InlineData("""{"id":"b","imge":"a","expressions":[{"text":"x"}]}""", "'imge' is not known here; did you mean 'image'?")]
    [InlineData("""{"id":"b","image":"","expressions":[{"text":"x"}]}""", "set.jsonl:2 image: is empty")]
    [InlineData("""{"id":"b","image":"a\u0000b","expressions":[{"text":"x"}]}""", "set.jsonl:2 image: is no path")]
    [InlineData("""{"id":"b","image":"a"}""", "set.jsonl:2 expressions: is missing")]
    [InlineData("""{"id":"b","image":"a","expressions":[]}""", "set.jsonl:2 expressions: expected a list of at least one expression, found an empty list")]
    [InlineData("""{"id":"b","image":"a","expressions":["x"]}""", "set.jsonl:2 expressions[0]: expected an object with text, sentence, mask or kind, found text")]
    [InlineData("""{"id":"b","image":"a","expressions":[{"text":"x"},{"text":" "}]}""", "set.jsonl:2 expressions[1].text: is empty")]
    [InlineData("""{"id":"b","image":"a","expressions":[{"text":"x","sentence":"no"}]}""", "set.jsonl:2 expressions[0].sentence: expected true or false, found text")]
    [InlineData("""{"id":"b","image":"a","expressions":[{"text":"x","mask":[[1,2]]}]}""", "set.jsonl:2 expressions[0].mask: expected COCO RLE")]
    [InlineData("""{"id":"b","image":"a","expressions":[{"text":"x","mask":{"counts":"0"}}]}""", "set.jsonl:2 expressions[0].mask.size: expected [height, width]")]
    [InlineData("""{"id":"b","image":"a","expressions":[{"text":"x","mask":{"size":[0,3],"counts":"0"}}]}""", "set.jsonl:2 expressions[0].mask.size[0]: expected a number of pixels from 1 to 65536, found the number 0")]
    [InlineData("""{"id":"b","image":"a","expressions":[{"text":"x","mask":{"size":[4,3],"counts":[0,-2]}}]}""", "set.jsonl:2 expressions[0].mask.counts[1]: expected a number of pixels, found the number -2")]
    [InlineData("""{"id":"b","image":"a","expressions":[{"text":"x","mask":{"size":[4,3],"counts":[5,5]}}]}""", "set.jsonl:2 expressions[0].mask.counts: ")]
    [InlineData("""{"id":"b","image":"a","expressions":[{"text":"x","mask":{"size":[4,3]}}]}""", "set.jsonl:2 expressions[0].mask.counts: is missing")]
    [InlineData("""{"id":"b","image":"a","expressions":[{"text":"x","kind":""}]}""", "set.jsonl:2 expressions[0].kind: is empty")]
    [InlineData("""{"id":"b","image":"a","expressions":[{"text":"x","kind":3}]}""", "set.jsonl:2 expressions[0].kind: expected text, found the number 3")]
    [InlineData("""{"id":"b","image":"a","expressions":[{"text":"x","kind":"a kind of expression beyond forty letters"}]}""", "set.jsonl:2 expressions[0].kind: has 41 characters; use at most 40")]
    public async Task A_wrong_line_is_named_with_its_field_and_what_would_be_right(string line, string expected)
    {
        var fault = await Should.ThrowAsync<InvalidDataException>(() => ReadAsync($"{Good}\n{line}\n"));
        fault.Message.ShouldContain(expected);
    }

    [Fact]
    public async Task Uncompressed_runs_are_compressed() =>
        (await ReadAsync("""{"id":"b","image":"a","expressions":[{"text":"x","mask":{"size":[4,3],"counts":[5,3,4]}}]}"""))
            .ShouldHaveSingleItem().Expressions[0].Mask!.Rle.ShouldBe(Rle.FromRuns(4, 3, [5, 3, 4]));

    [Fact]
    public async Task Expressions_may_have_a_kind_and_a_manifest_has_at_most_thirty_two()
    {
        static string Line(int number, string kind) => $$$"""{"id":"s{{{number}}}","image":"x","expressions":[{"text":"x","kind":"{{{kind}}}"},{"text":"y"}]}""";
        var lines = Enumerable.Range(0, 64).Select(number => Line(number, $"kind {number % 32}")).ToArray();

        var samples = await ReadAsync(string.Join('\n', lines));
        samples.Select(sample => sample.Expressions[0].Kind).ShouldBe(Enumerable.Range(0, 64).Select(number => $"kind {number % 32}"));
        samples.ShouldAllBe(sample => sample.Expressions[1].Kind == null);

        var fault = await Should.ThrowAsync<InvalidDataException>(() => ReadAsync(string.Join('\n', [.. lines, Line(64, "kind 32")])));
        fault.Message.ShouldBe("set.jsonl:65 expressions[0].kind: 'kind 32' is one kind too many; a manifest has at most 32");
    }

    [Fact]
    public async Task A_manifest_without_samples_is_refused() =>
        (await Should.ThrowAsync<InvalidDataException>(() => ReadAsync("\n  \r\n"))).Message.ShouldContain("holds no sample");

    [Fact]
    public async Task A_line_beyond_the_limit_is_refused_before_it_is_held_as_a_whole()
    {
        const long gigabyte = 1L << 30;
        var path = folder.Write("set/set.jsonl", Good + "\n");
        await using (var file = new FileStream(path, FileMode.Open))
            file.SetLength(gigabyte);

        var before = GC.GetTotalAllocatedBytes();
        var fault = await Should.ThrowAsync<InvalidDataException>(() => CollectAsync(path));
        fault.Message.ShouldContain("set.jsonl:2: the line is longer than 16 MB");
        (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(gigabyte);
    }

    [Fact]
    public async Task A_repeated_id_is_found_however_far_apart_the_lines_are()
    {
        var lines = Enumerable.Range(0, 20_000).Select(i => $$$"""{"id":"s{{{i % 19_999}}}","image":"x","expressions":[{"text":"x"}]}""");
        var fault = await Should.ThrowAsync<InvalidDataException>(() => ReadAsync(string.Join('\n', lines)));
        fault.Message.ShouldContain("set.jsonl:20000 id: 's0' is already on line 1;");
    }

    [Fact]
    public async Task Many_samples_stream_in_order_with_ends_of_line_anywhere_in_the_buffer()
    {
        const int count = 5_000;
        var random = new Random(7);
        var text = new StringBuilder("\uFEFF");
        for (var i = 0; i < count; i++)
            text.Append($$$"""{"id":"s{{{i}}}","image":"{{{new string('i', random.Next(1, 200))}}}.png","expressions":[{"text":"x"}]}""").Append(i % 2 == 0 ? "\n" : "\r\n");

        (await ReadAsync(text.ToString())).Select(sample => sample.Id).ShouldBe(Enumerable.Range(0, count).Select(i => $"s{i}"));
    }

    [Fact]
    public async Task What_the_writer_writes_the_reader_reads()
    {
        var samples = new[]
        {
            new Sample("a", new ImageSource { Path = folder.Write("out/images/a.jpg", "a") }, null, [
                new Expression("the \"cup\"", false, new MaskSource { Rle = new Rle(4, 3, "0<`\\") }, "größe"),
                new Expression("Where?", true, new MaskSource { Path = folder["out/masks/a.png"] })]),
            new Sample("b", new ImageSource { Path = folder.Write("elsewhere/b.png", "b") }, null, [new Expression("x", false, null)]),
        };
        await using (var writer = new ManifestWriter(folder["out/manifest.jsonl"]))
        {
            foreach (var sample in samples)
                await writer.WriteAsync(sample, token);
        }

        var read = await CollectAsync(folder["out/manifest.jsonl"]);
        JsonSerializer.Serialize(read.Select(sample => sample with { ContentHash = null }), ContractsJson.Options)
            .ShouldBe(JsonSerializer.Serialize(samples, ContractsJson.Options));
        (await File.ReadAllTextAsync(folder["out/manifest.jsonl"], token)).ShouldContain("\"image\":\"../elsewhere/b.png\"");
    }

    [Fact]
    public async Task A_scene_that_was_never_drawn_cannot_stand_in_a_manifest()
    {
        await using var writer = new ManifestWriter(folder["m.jsonl"]);
        await Should.ThrowAsync<ArgumentException>(() => writer.WriteAsync(
            new Sample("a", new ImageSource { Synthetic = new SyntheticScene(1, 2, 3, 4) }, null, [new Expression("x", false, null)]), token));
    }

    private Task<List<Sample>> ReadAsync(string content) => CollectAsync(folder.Write("set/set.jsonl", content));

    private async Task<List<Sample>> CollectAsync(string path)
    {
        var samples = new List<Sample>();
        await foreach (var sample in ManifestFile.ReadAsync(path, token))
            samples.Add(sample);
        return samples;
    }
}
