using Pipeline.Contracts.Datasets;

namespace Pipeline.Contracts.Tests.Datasets;

public sealed class LayoutGuessTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ReasonSeg_is_known_by_its_pairs_and_val_is_taken_first()
    {
        foreach (var file in (string[])["train/a.jpg", "train/a.json", "val/b.jpg", "val/b.json"])
            folder.Write($"set/{file}", "");

        Guess("set").ShouldBe($"format reasonseg, path {folder["set"]}, split val");
        Guess("set/train").ShouldBe($"format reasonseg, path {folder["set"]}, split train");
        Guess("set/train/").ShouldBe($"format reasonseg, path {folder["set"]}, split train");
    }

    [Fact]
    public void RefCOCO_is_known_by_its_refs()
    {
        foreach (var file in (string[])["refcoco+/refs(unc).p", "refcocog/refs(google).p", "refcocog/refs(umd).p", "refcoco/instances.json"])
            folder.Write($"set/{file}", "");

        Guess("set").ShouldBe($"format refcoco, path {folder["set"]}, set refcoco+, split_by unc, split val");
        Guess("set", "refcocog").ShouldBe($"format refcoco, path {folder["set"]}, set refcocog, split_by google, split val");
        Guess("set/refcocog").ShouldBe($"format refcoco, path {folder["set"]}, set refcocog, split_by google, split val");
    }

    [Fact]
    public void COCO_is_known_by_its_instances_whose_images_are_looked_for_by_their_name()
    {
        folder.Write("set/annotations/instances_train2017.json", "");
        folder.Write("set/annotations/instances_val2017.json", "");
        folder.Write("set/images/val2017/a.jpg", "");

        Guess("set").ShouldBe($"format coco, path {folder["set/annotations/instances_val2017.json"]}, images {folder["set/images/val2017"]}");
        Guess("set/annotations/instances_train2017.json").ShouldBe($"format coco, path {folder["set/annotations/instances_train2017.json"]}, images {folder["set/images"]}");
        Guess("set/annotations").ShouldStartWith("format coco");
    }

    [Fact]
    public void A_manifest_is_known_by_its_name_or_by_being_a_file()
    {
        folder.Write("one/scenes.jsonl", "");
        folder.Write("named/manifest.jsonl", "");
        folder.Write("named/other.jsonl", "");
        folder.Write("two/a.jsonl", "");
        folder.Write("two/b.jsonl", "");

        Guess("one").ShouldBe($"format manifest, path {folder["one/scenes.jsonl"]}");
        Guess("named").ShouldBe($"format manifest, path {folder["named/manifest.jsonl"]}");
        Guess("two/a.jsonl").ShouldBe($"format manifest, path {folder["two/a.jsonl"]}");
        Guess("two").ShouldBeNull();
    }

    private string? Guess(string name, string? set = null) =>
        LayoutGuess.Of(folder[name], set) is { } keys ? string.Join(", ", keys.Select(key => $"{key.Key} {key.Value}")) : null;
}
