using System.Text;
using Pipeline.Contracts.Datasets.Refer;
using Pipeline.Contracts.Files;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Pickle;

namespace Pipeline.Contracts.Tests.Datasets;

public sealed class ReferDatasetTests : IDisposable
{
    private const string Images = """[{"id": 10, "file_name": "a.jpg", "height": 4, "width": 4}, {"id": 11, "file_name": "b.jpg", "height": 3, "width": 5}, {"id": 12, "file_name": "c.jpg", "height": 1, "width": 1}]""";

    private const string Annotations = """
        [{"id": 1, "image_id": 10, "category_id": 1, "segmentation": [[0, 0, 2, 0, 2, 2, 0, 2], [1, 1, 3, 1, 3, 3, 1, 3]]},
         {"id": 2, "image_id": 10, "category_id": 1, "segmentation": [[0, 0, 2, 0, 2, 2, 0, 2]]},
         {"id": 3, "image_id": 11, "category_id": 1, "segmentation": [{"size": [3, 5], "counts": [3, 3, 9]}]},
         {"id": 4, "image_id": 11, "category_id": 1, "segmentation": []}]
        """;

    private readonly TemporaryFolder folder = new();
    private readonly CancellationToken token = TestContext.Current.CancellationToken;

    public ReferDatasetTests()
    {
        folder.Write("data/refcoco/instances.json", $$"""{"images": {{Images}}, "annotations": {{Annotations}}, "categories": [{"id": 1, "name": "x"}]}""");
        folder.Write("data/images/mscoco/images/train2014/a.jpg", "pixels");
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_sample_is_an_image_with_the_sentences_of_all_its_refs_in_the_order_of_the_file()
    {
        Refs(Ref(11, 3, "val", " The LEFT one "), Ref(10, 1, "val", "red", "Big Red"), Ref(12, 9, "train", "x"), Ref(11, 4, "val", "nothing"), Ref(10, 2, "val", "corner"));

        var samples = await ReadAsync("val");

        samples.Select(sample => sample.Id).ShouldBe(["11", "10"]);
        samples[0].Expressions.Select(expression => expression.Text).ShouldBe(["the left one", "nothing"]);
        samples[1].Expressions.Select(expression => expression.Text).ShouldBe(["red", "big red", "corner"]);
        samples.SelectMany(sample => sample.Expressions).ShouldAllBe(expression => !expression.IsSentence && expression.Kind == null);
        samples.Select(sample => sample.Image.Path).ShouldBe([folder["data/images/mscoco/images/train2014/b.jpg"], folder["data/images/mscoco/images/train2014/a.jpg"]]);
        samples.Select(sample => sample.ContentHash is null).ShouldBe([true, false]);
    }

    [Fact]
    public async Task Masks_are_summed_over_the_parts_of_their_object()
    {
        Refs(Ref(10, 1, "val", "both"), Ref(10, 2, "val", "one"), Ref(11, 3, "val", "runs"), Ref(11, 4, "val", "none"));

        var masks = (await ReadAsync("val")).SelectMany(sample => sample.Expressions).Select(expression => MaskLabels.Decode(expression.Mask!)).ToArray();

        masks[0].ShouldBe([1, 1, 0, 0, 1, 2, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0]);
        masks[1].ShouldBe([1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        masks[2].ShouldBe([0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0]);
        masks[3].ShouldBe(new byte[15]);
    }

    [Theory]
    [InlineData("val", "val")]
    [InlineData("train", "train")]
    [InlineData("testA", "testA testAB")]
    [InlineData("testB", "testB testAB")]
    [InlineData("test", "testA testB testAB test")]
    public async Task A_split_holds_what_refers_own_reader_takes_for_it(string split, string parts)
    {
        Refs([.. ((string[])["val", "train", "testA", "testB", "testAB", "test"]).Select(part => Ref(10, 1, part, part))]);

        (await ReadAsync(split)).ShouldHaveSingleItem().Expressions.Select(expression => expression.Text)
            .ShouldBe(parts.ToLowerInvariant().Split(' '));
    }

    /// <summary>Short strings, entries of the memo from 1 on and keys taken from it again, as cPickle of Python 2 has them.</summary>
    [Fact]
    public async Task A_pickle_of_Python_2_is_read()
    {
        const string First = "}q\u0002(U\u0008image_idq\u0003K\u000aU\u0005splitq\u0004U\u0003valq\u0005U\u0006ann_idq\u0006K\u0001U\tsentencesq\u0007]q\u0008}q\t(U\u0004sentq\nU\u0003Redq\u000bU\u0003rawX\u0002\0\0\0\u00c3\u00a9U\u0007sent_idI01\nuau";
        const string Second = "}q\u000c(h\u0003K\u000ah\u0004h\u0005h\u0006L2L\nh\u0007]q\r}q\u000e(h\nX\u0005\0\0\0Caf\u00c3\u00a9uau";
        folder.Write("data/refcoco/refs(unc).p", "");
        await File.WriteAllBytesAsync(folder["data/refcoco/refs(unc).p"], Encoding.Latin1.GetBytes($"\u0080\u0002]q\u0001({First}{Second}e."), token);

        (await ReadAsync("val")).ShouldHaveSingleItem().Expressions.Select(expression => expression.Text).ShouldBe(["red", "café"]);
    }

    [Theory]
    [InlineData("cos\nsystem\n(S'true'\ntR.", "os.system is not allowed; only plain values are read, and nothing is ever run")]
    [InlineData("c__builtin__\neval\n.", "__builtin__.eval is not allowed")]
    [InlineData("N.", "is no list; expected refer's list of refs")]
    [InlineData("]q", "bytes are claimed")]
    [InlineData("](Ne.", "refs(unc).p refs[0]: expected a dictionary with split, found None")]
    [InlineData("](}(U\u0005splitK\u0007ue.", "refs(unc).p refs[0].split: expected text, found the number 7")]
    [InlineData("](}(U\u0005splitU\u0003value.", "refs(unc).p refs[0]: has no sentences")]
    [InlineData("](}(U\u0005splitU\u0003valU\tsentences]ue.", "refs(unc).p refs[0].sentences: is an empty list")]
    [InlineData("](}(U\u0005splitU\u0003valU\tsentencesU\u0001xue.", "refs(unc).p refs[0].sentences: expected a list, found text")]
    [InlineData("](}(U\u0005splitU\u0003valU\tsentences](}(U\u0004sentK\u0001ueue.", "refs(unc).p refs[0].sentences[0].sent: expected text, found the number 1")]
    [InlineData("].", "has no ref of split val; it is an empty list")]
    public async Task A_pickle_that_is_no_list_of_refs_is_refused_with_its_place(string pickle, string message)
    {
        folder.Write("data/refcoco/refs(unc).p", "");
        await File.WriteAllBytesAsync(folder["data/refcoco/refs(unc).p"], Encoding.Latin1.GetBytes(pickle), token);

        (await Should.ThrowAsync<InvalidDataException>(() => ReadAsync("val"))).Message.ShouldContain(message);
    }

    [Fact]
    public async Task A_split_that_is_not_there_is_answered_with_those_that_are()
    {
        Refs(Ref(10, 1, "val", "x"), Ref(10, 1, "train", "x"), Ref(10, 1, "val", "x"));

        (await Should.ThrowAsync<InvalidDataException>(() => ReadAsync("testA"))).Message.ShouldEndWith("has no ref of split testA; it has 1 of train, 2 of val; use train or val");
    }

    [Fact]
    public async Task What_a_ref_names_must_be_in_the_instances()
    {
        Refs(Ref(99, 1, "val", "x"));
        (await Should.ThrowAsync<InvalidDataException>(() => ReadAsync("val"))).Message.ShouldBe("refs(unc).p refs[0].image_id: 99 is no image of refcoco/instances.json");

        Refs(Ref(10, 1, "train", "x"), Ref(10, 3, "val", "x"));
        (await Should.ThrowAsync<InvalidDataException>(() => ReadAsync("val"))).Message.ShouldBe("refs(unc).p refs[1].ann_id: 3 is no annotation of image 10 in instances.json");
    }

    [Theory]
    [InlineData("../../../../../secret.jpg", "leads out of")]
    [InlineData("/etc/passwd", "leads out of")]
    [InlineData("..", "leads out of")]
    [InlineData("http://host/a.jpg", "is an address")]
    [InlineData("a\\u0000.jpg", "is no path")]
    public async Task A_name_that_leads_out_of_the_images_is_refused(string name, string message)
    {
        folder.Write("data/refcoco/instances.json", $$"""{"images": {{Images.Replace("a.jpg", name, StringComparison.Ordinal)}}, "annotations": {{Annotations}}}""");
        Refs(Ref(10, 1, "val", "x"));

        var fault = (await Should.ThrowAsync<InvalidDataException>(() => ReadAsync("val"))).Message;
        fault.ShouldStartWith("refcoco/instances.json images: the file_name of the one with id 10: ");
        fault.ShouldContain(message);
    }

    [Fact]
    public async Task Links_out_of_the_roots_are_not_followed()
    {
        folder.Write("outside/a.jpg", "secret");
        File.Delete(folder["data/images/mscoco/images/train2014/a.jpg"]);
        File.CreateSymbolicLink(folder["data/images/mscoco/images/train2014/a.jpg"], folder["outside/a.jpg"]);
        Refs(Ref(10, 1, "val", "x"));

        (await ReadAsync("val"))[0].ContentHash.ShouldNotBeNull();
        (await Should.ThrowAsync<InvalidDataException>(() => ReadAsync("val", new DataRoots([folder["data"]])))).Message.ShouldContain("'a.jpg' lies outside of the orchestrator's data folders");
    }

    [Fact]
    public async Task Images_of_refclef_lie_elsewhere()
    {
        Refs(Ref(10, 1, "val", "x"));
        Directory.Move(folder["data/refcoco"], folder["data/refclef"]);
        folder.Write("data/images/saiapr_tc-12/a.jpg", "pixels");
        var dataset = new DatasetSpec("refcoco") { Path = folder["data"], Set = "refclef", SplitBy = "unc", Split = "val" };

        var sample = (await ReferDataset.ReadAsync(dataset, DataRoots.Everywhere, token).ToListAsync(token)).ShouldHaveSingleItem();

        sample.Image.Path.ShouldBe(folder["data/images/saiapr_tc-12/a.jpg"]);
        sample.ContentHash.ShouldNotBeNull();
    }

    private static Dictionary<string, object?> Ref(int image, int annotation, string split, params string[] sentences) => new()
    {
        ["image_id"] = image,
        ["ann_id"] = annotation,
        ["split"] = split,
        ["sentences"] = sentences.Select(sentence => new Dictionary<string, object?> { ["sent"] = sentence, ["tokens"] = sentence.Split(' ') }),
    };

    private void Refs(params Dictionary<string, object?>[] refs)
    {
        using var stream = File.Create(folder["data/refcoco/refs(unc).p"]);
        var writer = new PickleWriter(stream);
        foreach (var entry in refs)
            writer.Append(entry);
        writer.End();
    }

    private async Task<List<Sample>> ReadAsync(string split, DataRoots? roots = null)
    {
        var dataset = new DatasetSpec("refcoco") { Path = folder["data"], Set = "refcoco", SplitBy = "unc", Split = split };
        return await ReferDataset.ReadAsync(dataset, roots ?? DataRoots.Everywhere, token).ToListAsync(token);
    }
}
