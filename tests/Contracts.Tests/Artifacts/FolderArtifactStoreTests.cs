using Pipeline.Contracts.Artifacts;

namespace Pipeline.Contracts.Tests.Artifacts;

public sealed class FolderArtifactStoreTests : ArtifactStoreTests, IDisposable
{
    private readonly TemporaryFolder folder = new();

    public FolderArtifactStoreTests() => Store = new FolderArtifactStore(folder["store"]);

    protected override IArtifactStore Store { get; }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_cancelled_write_leaves_nothing_half_written()
    {
        await Store.PutAsync("x", "old"u8.ToArray(), Token);

        await Should.ThrowAsync<OperationCanceledException>(() => Store.PutAsync("x", "new"u8.ToArray(), new CancellationToken(canceled: true)));

        Directory.GetFiles(folder["store/.incoming"]).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_beside_the_store_is_neither_read_nor_written()
    {
        await File.WriteAllTextAsync(folder["secret"], "secret", Token);

        await Should.ThrowAsync<ArgumentException>(() => Store.PutAsync("../secret", "x"u8.ToArray(), Token));

        (await File.ReadAllTextAsync(folder["secret"], Token)).ShouldBe("secret");
    }
}
