using System.Text;
using Pipeline.Contracts.Artifacts;

namespace Pipeline.Contracts.Tests.Artifacts;

public sealed class FolderArtifactStoreTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly CancellationToken token = TestContext.Current.CancellationToken;
    private readonly FolderArtifactStore store;

    public FolderArtifactStoreTests() => store = new FolderArtifactStore(folder["store"]);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_is_stored_comes_back_with_its_hash_and_length()
    {
        var reference = await store.PutAsync("a/b.txt", "abc"u8.ToArray(), token);

        reference.ShouldBe(new ArtifactReference("a/b.txt", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", 3));
        (await ReadAsync("a/b.txt")).ShouldBe("abc");
        (await store.ExistsAsync("a/b.txt", token)).ShouldBeTrue();
        (await store.ExistsAsync("a/c.txt", token)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_missing_artifact_is_named()
    {
        var fault = await Should.ThrowAsync<FileNotFoundException>(() => store.OpenAsync("a/missing.txt", token));
        fault.Message.ShouldContain("a/missing.txt");
    }

    [Fact]
    public async Task A_name_outside_the_store_is_refused_by_every_operation()
    {
        await File.WriteAllTextAsync(folder["secret"], "secret", token);

        await Should.ThrowAsync<ArgumentException>(() => store.OpenAsync("../secret", token));
        await Should.ThrowAsync<ArgumentException>(() => store.ExistsAsync("../secret", token));
        await Should.ThrowAsync<ArgumentException>(() => store.PutAsync("../secret", "x"u8.ToArray(), token));
        (await File.ReadAllTextAsync(folder["secret"], token)).ShouldBe("secret");
    }

    [Fact]
    public async Task A_reader_never_sees_half_of_an_artifact_that_is_replaced()
    {
        const int length = 1 << 20;
        byte[] Filled(byte value) => [.. Enumerable.Repeat(value, length)];
        await store.PutAsync("x", Filled((byte)'a'), token);

        var writing = Task.Run(
            async () =>
            {
                for (var i = 0; i < 40; i++)
                    await store.PutAsync("x", Filled((byte)('a' + (i % 2))), token);
            },
            token);
        while (!writing.IsCompleted)
        {
            var text = await ReadAsync("x");
            text.Length.ShouldBe(length);
            text.AsSpan().Count(text[0]).ShouldBe(length);
        }

        await writing;
    }

    [Fact]
    public async Task A_cancelled_write_leaves_the_old_bytes_and_nothing_half_written()
    {
        await store.PutAsync("x", "old"u8.ToArray(), token);

        await Should.ThrowAsync<OperationCanceledException>(() => store.PutAsync("x", "new"u8.ToArray(), new CancellationToken(canceled: true)));

        (await ReadAsync("x")).ShouldBe("old");
        Directory.GetFiles(folder["store/.incoming"]).ShouldBeEmpty();
    }

    private async Task<string> ReadAsync(string name)
    {
        await using var stream = await store.OpenAsync(name, token);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(token);
    }
}
