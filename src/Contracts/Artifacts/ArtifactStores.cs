using Azure.Storage.Blobs;

namespace Pipeline.Contracts.Artifacts;

/// <summary>Makes the artifact store that options describe.</summary>
public static class ArtifactStores
{
    /// <param name="options">Valid options: exactly one place is given.</param>
    public static IArtifactStore Create(ArtifactOptions options)
    {
        if (!string.IsNullOrEmpty(options.Folder))
            return new FolderArtifactStore(options.Folder);
        var blob = options.Blob;
        return new BlobArtifactStore(blob.Uri is { } container ? new BlobContainerClient(container) : new BlobContainerClient(blob.ReadConnection(), blob.Container));
    }
}
