using System.Text;
using Pipeline.Contracts.Artifacts;

namespace Pipeline.Contracts.Tests.Artifacts;

/// <summary>What every artifact store promises.</summary>
public abstract class ArtifactStoreTests
{
    protected abstract IArtifactStore Store { get; }

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_stored_comes_back_with_its_hash_and_length()
    {
        var reference = await Store.PutAsync("a/b.txt", "abc"u8.ToArray(), Token);

        reference.ShouldBe(new ArtifactReference("a/b.txt", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", 3));
        (await ReadAsync("a/b.txt")).ShouldBe("abc");
        (await Store.ExistsAsync("a/b.txt", Token)).ShouldBeTrue();
        (await Store.ExistsAsync("a/c.txt", Token)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_missing_artifact_is_named()
    {
        var fault = await Should.ThrowAsync<FileNotFoundException>(() => Store.OpenAsync("missing/it.txt", Token));

        fault.Message.ShouldContain("missing/it.txt");
        (await Store.ExistsAsync("missing/it.txt", Token)).ShouldBeFalse();
        (await ListAsync("missing")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_name_outside_the_store_is_refused_by_every_operation()
    {
        foreach (var name in (string[])["../secret", "a/../../secret", "/secret", "a//b", "a/.b", "a?b", "a%2e%2e/b"])
        {
            await Should.ThrowAsync<ArgumentException>(() => Store.OpenAsync(name, Token));
            await Should.ThrowAsync<ArgumentException>(() => Store.ExistsAsync(name, Token));
            await Should.ThrowAsync<ArgumentException>(() => Store.PutAsync(name, "x"u8.ToArray(), Token));
            await Should.ThrowAsync<ArgumentException>(() => Store.DeleteAsync(name, Token));
            await Should.ThrowAsync<ArgumentException>(() => ListAsync(name));
        }
    }

    [Fact]
    public async Task A_reader_never_sees_half_of_an_artifact_that_is_replaced()
    {
        const int length = 1 << 20;
        byte[] Filled(byte value) => [.. Enumerable.Repeat(value, length)];
        await Store.PutAsync("whole/x", Filled((byte)'a'), Token);

        var writing = Task.Run(
            async () =>
            {
                for (var i = 0; i < 20; i++)
                    await Store.PutAsync("whole/x", Filled((byte)('a' + (i % 2))), Token);
            },
            Token);
        while (!writing.IsCompleted)
        {
            var text = await ReadAsync("whole/x");
            text.Length.ShouldBe(length);
            text.AsSpan().Count(text[0]).ShouldBe(length);
        }

        await writing;
    }

    [Fact]
    public async Task A_cancelled_write_leaves_the_old_bytes()
    {
        await Store.PutAsync("kept/x", "old"u8.ToArray(), Token);

        await Should.ThrowAsync<OperationCanceledException>(() => Store.PutAsync("kept/x", "new"u8.ToArray(), new CancellationToken(canceled: true)));

        (await ReadAsync("kept/x")).ShouldBe("old");
    }

    [Fact]
    public async Task A_listing_shows_what_lies_in_a_folder_and_no_neighbour()
    {
        var before = DateTimeOffset.UtcNow.AddMinutes(-1);
        foreach (var name in (string[])["jobs/1/a.txt", "jobs/1/sub/b.txt", "jobs/10/c.txt", "jobs/1.txt"])
            await Store.PutAsync(name, Encoding.UTF8.GetBytes(name), Token);

        var listed = await ListAsync("jobs/1");

        listed.Select(artifact => (artifact.Name, artifact.Bytes)).ShouldBe([("jobs/1/a.txt", 12), ("jobs/1/sub/b.txt", 16)], ignoreOrder: true);
        listed.ShouldAllBe(artifact => artifact.ModifiedAt > before && artifact.ModifiedAt.Offset == TimeSpan.Zero);
    }

    [Fact]
    public async Task What_is_deleted_is_gone_and_may_be_deleted_again()
    {
        await Store.PutAsync("gone/x", "x"u8.ToArray(), Token);

        await Store.DeleteAsync("gone/x", Token);
        await Store.DeleteAsync("gone/x", Token);

        (await Store.ExistsAsync("gone/x", Token)).ShouldBeFalse();
        (await ListAsync("gone")).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_empty_artifact_is_one()
    {
        (await Store.PutAsync("empty", ReadOnlyMemory<byte>.Empty, Token)).Bytes.ShouldBe(0);

        (await ReadAsync("empty")).ShouldBe("");
        (await Store.ExistsAsync("empty", Token)).ShouldBeTrue();
    }

    protected async Task<string> ReadAsync(string name)
    {
        await using var stream = await Store.OpenAsync(name, Token);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(Token);
    }

    private async Task<List<StoredArtifact>> ListAsync(string folder)
    {
        var listed = new List<StoredArtifact>();
        await foreach (var artifact in Store.ListAsync(folder, Token))
            listed.Add(artifact);
        return listed;
    }
}
