using Azure;
using Azure.Storage.Blobs;
using Pipeline.Orchestrator.Tests.Support;
using Pipeline.Servers.Azurite;

namespace Pipeline.Servers.Tests.Azurite;

public sealed class AzuriteServerTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private AzuriteServer server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => server = await AzuriteServer.StartAsync(folder.File("azurite"), Token);

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_killed_server_comes_back_at_its_address_with_every_blob_it_confirmed()
    {
        const int blobs = 40;
        var connection = server.ConnectionString;
        var container = new BlobContainerClient(connection, "kept");
        await container.CreateAsync(cancellationToken: Token);
        await Parallel.ForAsync(0, blobs, Token, async (i, token) => await container.UploadBlobAsync($"blob-{i}", BinaryData.FromString($"content {i}"), token));

        await server.KillAsync(Token);
        await server.RestartAsync(Token);

        server.ConnectionString.ShouldBe(connection);
        for (var i = 0; i < blobs; i++)
            (await container.GetBlobClient($"blob-{i}").DownloadContentAsync(Token)).Value.Content.ToString().ShouldBe($"content {i}");
    }

    [Fact]
    public async Task A_blob_whose_deletion_was_confirmed_does_not_come_back()
    {
        var container = new BlobContainerClient(server.ConnectionString, "kept");
        await container.CreateAsync(cancellationToken: Token);
        await container.UploadBlobAsync("gone", BinaryData.FromString("x"), Token);
        await container.DeleteBlobAsync("gone", cancellationToken: Token);

        await server.KillAsync(Token);
        await server.RestartAsync(Token);

        (await container.GetBlobClient("gone").ExistsAsync(Token)).Value.ShouldBeFalse();
    }

    [Fact]
    public async Task A_server_that_still_runs_is_found_and_one_that_is_started_anew_replaces_it()
    {
        AzuriteServer.Find(folder.File("azurite")).ShouldNotBeNull().Process.ShouldBe(server.Process);

        await using var second = await AzuriteServer.StartAsync(folder.File("azurite"), Token);

        second.ConnectionString.ShouldBe(server.ConnectionString);
        server.Process.IsRunning().ShouldBeFalse();
        await second.StopAsync(Token);
        AzuriteServer.Find(folder.File("azurite")).ShouldBeNull();
    }

    [Fact]
    public async Task Nobody_enters_without_the_key()
    {
        var anonymous = new BlobContainerClient(new Uri($"{server.Uri}/kept"));

        (await Should.ThrowAsync<RequestFailedException>(() => anonymous.CreateAsync(cancellationToken: Token))).Status.ShouldBe(403);
        File.GetUnixFileMode(folder.File("azurite/server.json")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
