using Azure.Storage.Blobs;
using Azure.Storage.Sas;
using Pipeline.Contracts.Artifacts;
using Pipeline.Tests.Servers;

namespace Pipeline.Contracts.Tests.Artifacts;

public sealed class BlobArtifactStoreTests(BlobStorage storage) : ArtifactStoreTests, IClassFixture<BlobStorage>
{
    protected override IArtifactStore Store { get; } =
        ArtifactStores.Create(new ArtifactOptions { Blob = { Connection = storage.Connection, Container = storage.Container } });

    [Fact]
    public async Task A_container_given_by_its_address_and_signature_is_used_without_the_accounts_key()
    {
        await Store.PutAsync("signed/x", "abc"u8.ToArray(), Token);
        var container = new BlobContainerClient(storage.Connection, storage.Container);
        var address = container.GenerateSasUri(BlobContainerSasPermissions.All, DateTimeOffset.UtcNow.AddHours(1));

        var signed = ArtifactStores.Create(new ArtifactOptions { Blob = { Uri = address } });

        (await signed.ExistsAsync("signed/x", Token)).ShouldBeTrue();
        await signed.PutAsync("signed/y", "def"u8.ToArray(), Token);
        (await ReadAsync("signed/y")).ShouldBe("def");
    }

    [Fact]
    public async Task A_connection_string_may_come_from_a_file()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["connection"], storage.Connection + "\n", Token);

        var store = ArtifactStores.Create(new ArtifactOptions { Blob = { ConnectionFile = folder["connection"], Container = storage.Container } });
        await store.PutAsync("filed/x", "abc"u8.ToArray(), Token);

        (await ReadAsync("filed/x")).ShouldBe("abc");
    }
}
