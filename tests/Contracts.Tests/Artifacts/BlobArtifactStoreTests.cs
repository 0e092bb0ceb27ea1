using Azure.Storage.Blobs;
using Azure.Storage.Sas;
using Pipeline.Contracts.Artifacts;
using Pipeline.Servers.Azurite;
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

    [Fact]
    public async Task A_service_that_is_away_is_an_io_fault_and_one_that_comes_back_serves_again()
    {
        using var folder = new TemporaryFolder();
        await using var server = await AzuriteServer.StartAsync(folder["azurite"], Token);
        var store = new BlobArtifactStore(new BlobContainerClient(server.ConnectionString, "away", new BlobClientOptions { Retry = { MaxRetries = 0 } }));
        await store.PutAsync("a", "abc"u8.ToArray(), Token);

        await server.KillAsync(Token);
        await Should.ThrowAsync<IOException>(() => store.PutAsync("a", "abc"u8.ToArray(), Token));
        await Should.ThrowAsync<IOException>(() => store.OpenAsync("a", Token));
        await Should.ThrowAsync<IOException>(() => store.ExistsAsync("a", Token));
        await Should.ThrowAsync<IOException>(() => store.DeleteAsync("a", Token));
        await server.RestartAsync(Token);

        (await store.ExistsAsync("a", Token)).ShouldBeTrue();
    }
}
