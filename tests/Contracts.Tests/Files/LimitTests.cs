using System.Diagnostics;
using Pipeline.Contracts.Files;
using Pipeline.Contracts.Manifests;

namespace Pipeline.Contracts.Tests.Files;

public sealed class LimitTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly CancellationToken token = TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_file_is_read_up_to_its_limit_and_no_further()
    {
        var path = folder.Write("a", "12345");

        PlainFile.Read(path, 5).ShouldBe("12345"u8.ToArray());
        Should.Throw<InvalidDataException>(() => PlainFile.Read(path, 4)).Message.ShouldBe($"{path} has 5 bytes; at most 4 are read");
        Should.Throw<InvalidDataException>(() => PlainFile.Read(path, 4, setting: "Images:LargestBytes")).Message.ShouldEndWith("(Images:LargestBytes)");
        Should.Throw<IOException>(() => PlainFile.Read(folder["gone"], 4));
    }

    [Fact]
    public async Task A_stream_gives_as_much_as_it_may()
    {
        await using var exact = new LimitedStream(new MemoryStream(new byte[100]), "x", 100);
        await using var beyond = new LimitedStream(new MemoryStream(new byte[101]), "x", 100);

        var copy = new MemoryStream();
        await exact.CopyToAsync(copy, token);

        copy.Length.ShouldBe(100);
        (await Should.ThrowAsync<InvalidDataException>(() => beyond.CopyToAsync(Stream.Null, token))).Message.ShouldBe("x: holds more than 100 bytes, the most that are read");
    }

    [Fact]
    public async Task Planning_neither_hashes_what_no_worker_reads_nor_waits_for_a_pipe()
    {
        using (var file = File.Create(folder["huge.png"]))
            file.SetLength(FileHash.LargestFile + 1L);
        using (var mkfifo = Process.Start("mkfifo", folder["pipe.png"]))
            await mkfifo.WaitForExitAsync(token);
        File.CreateSymbolicLink(folder["link.png"], "huge.png");
        string[] images = ["huge.png", "link.png", "pipe.png", "/dev/zero"];
        var manifest = folder.Write("set.jsonl", string.Join('\n', images.Select((image, i) => $$"""{"id":"{{i}}","image":"{{image}}","expressions":[{"text":"x"}]}""")));

        var samples = await ManifestFile.ReadAsync(manifest, token).ToListAsync(token);

        samples.Count.ShouldBe(images.Length);
        samples.ShouldAllBe(sample => sample.ContentHash == null);
    }

    [Fact]
    public async Task A_sample_has_at_most_ten_thousand_expressions()
    {
        string Manifest(int count) => folder.Write("set.jsonl", $$"""{"id":"a","image":"a.png","expressions":[{{string.Join(',', Enumerable.Repeat("""{"text":"x"}""", count))}}]}""");

        (await ManifestFile.ReadAsync(Manifest(10_000), token).ToListAsync(token)).ShouldHaveSingleItem().Expressions.Count.ShouldBe(10_000);
        (await Should.ThrowAsync<InvalidDataException>(async () => await ManifestFile.ReadAsync(Manifest(10_001), token).ToListAsync(token)))
            .Message.ShouldBe("set.jsonl:1 expressions: holds 10001; a sample has at most 10000, give the image to several samples");
    }

    [Fact]
    public async Task A_slice_that_never_ends_is_left_at_its_limit()
    {
        var line = ManifestSlice.Write([new Sample("a", new ImageSource { Path = "/a" }, null, [new Expression(new string('x', 1 << 20), false, null)])]);

        (await Should.ThrowAsync<InvalidDataException>(() => ManifestSlice.ReadAsync(new EndlessStream(line), "slice", token)))
            .Message.ShouldBe($"slice: holds more than {ManifestSlice.Largest} bytes, the most that are read");
    }

    [Fact]
    public void Samples_that_make_too_large_a_shard_are_refused_with_what_would_help()
    {
        var large = new Sample("a", new ImageSource { Path = "/a" }, null, [.. Enumerable.Repeat(new Expression(new string('x', 1 << 20), false, null), 65)]);

        Should.Throw<InvalidDataException>(() => ManifestSlice.Write([large, large, large, large]))
            .Message.ShouldBe($"dataset: the 4 samples from 'a' on make a shard of more than {ManifestSlice.Largest} bytes; use fewer with shards.samples, or masks as PNG files.");
    }

    /// <summary>The same bytes for ever.</summary>
    private sealed class EndlessStream(byte[] line) : MemoryStream(line)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position == Length)
                Position = 0;
            return await base.ReadAsync(buffer, cancellationToken);
        }
    }
}
