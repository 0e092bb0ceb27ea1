using Azure.Storage.Blobs;
using Polly;

namespace Pipeline.Contracts.Artifacts;

/// <summary>Makes the artifact store that options describe.</summary>
public static class ArtifactStores
{
    /// <param name="options">Valid options: exactly one place is given.</param>
    /// <returns>A store that tries again by itself, see <see cref="ArtifactResilience"/>.</returns>
    public static IArtifactStore Create(ArtifactOptions options) =>
        new ResilientArtifactStore(Plain(options), new ResiliencePipelineBuilder().AddArtifactResilience(new ArtifactResilience()).Build());

    private static IArtifactStore Plain(ArtifactOptions options)
    {
        if (!string.IsNullOrEmpty(options.Folder))
            return new FolderArtifactStore(options.Folder);
        // The pipeline round the store tries again and gives up; twice would be for minutes.
        var client = new BlobClientOptions { Retry = { MaxRetries = 0 } };
        var blob = options.Blob;
        return new BlobArtifactStore(blob.Uri is { } container ? new BlobContainerClient(container, client) : new BlobContainerClient(blob.ReadConnection(), blob.Container, client));
    }
}
