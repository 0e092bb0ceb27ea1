using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Pipeline.Contracts.Artifacts;

/// <summary>Artifacts as block blobs of one container.</summary>
/// <remarks>
/// A blob comes into being, or is replaced, by one request, so that a reader sees all of it or nothing. The container is made when the
/// first artifact is stored and it is not there. A service that is away or busy is an <see cref="IOException"/>; what it refuses for good,
/// such as a wrong key, a <see cref="RequestFailedException"/>.
/// </remarks>
/// <param name="container">The container, with the credentials to use it.</param>
public sealed class BlobArtifactStore(BlobContainerClient container) : IArtifactStore
{
    /// <summary>Above this a blob would be sent in blocks; it still comes into being as a whole, when they are committed.</summary>
    private const int LargestRequest = 64 << 20;

    private static readonly BlobUploadOptions Upload = new()
    {
        TransferOptions = new() { InitialTransferSize = LargestRequest, MaximumTransferSize = LargestRequest },
    };

    /// <inheritdoc/>
    public async Task<ArtifactReference> PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken token)
    {
        var blob = Blob(name);
        var data = BinaryData.FromBytes(content);
        try
        {
            await UploadAsync(blob, data, token);
        }
        catch (RequestFailedException fault) when (IsAway(fault))
        {
            throw Away(name, fault);
        }

        return new ArtifactReference(name, Convert.ToHexStringLower(SHA256.HashData(content.Span)), content.Length);
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenAsync(string name, CancellationToken token)
    {
        try
        {
            var answer = await Blob(name).DownloadStreamingAsync(cancellationToken: token);
            return answer.Value.Content;
        }
        catch (RequestFailedException fault) when (IsMissing(fault))
        {
            throw new FileNotFoundException($"There is no artifact '{name}' in container {container.Name}.", name, fault);
        }
        catch (RequestFailedException fault) when (IsAway(fault))
        {
            throw Away(name, fault);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> ExistsAsync(string name, CancellationToken token)
    {
        try
        {
            return await Blob(name).ExistsAsync(token);
        }
        catch (RequestFailedException fault) when (IsAway(fault))
        {
            throw Away(name, fault);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredArtifact> ListAsync(string folder, [EnumeratorCancellation] CancellationToken token)
    {
        await using var blobs = container.GetBlobsAsync(prefix: ArtifactNames.Validate(folder) + "/", cancellationToken: token).GetAsyncEnumerator(token);
        while (await NextAsync(blobs))
        {
            var properties = blobs.Current.Properties;
            yield return new StoredArtifact(blobs.Current.Name, properties.ContentLength ?? 0, properties.LastModified ?? default);
        }
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(string name, CancellationToken token)
    {
        try
        {
            await Blob(name).DeleteIfExistsAsync(cancellationToken: token);
        }
        catch (RequestFailedException fault) when (IsMissing(fault))
        {
            // Without its container a blob is not there either.
        }
        catch (RequestFailedException fault) when (IsAway(fault))
        {
            throw Away(name, fault);
        }
    }

    private static async Task<bool> NextAsync(IAsyncEnumerator<BlobItem> blobs)
    {
        try
        {
            return await blobs.MoveNextAsync();
        }
        catch (RequestFailedException fault) when (fault.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            return false;
        }
        catch (RequestFailedException fault) when (IsAway(fault))
        {
            throw Away("a listing", fault);
        }
    }

    /// <summary>No answer at all, or one that says to come back later.</summary>
    private static bool IsAway(RequestFailedException fault) => fault.Status is 0 or 408 or 429 or >= 500;

    private static IOException Away(string what, RequestFailedException fault) =>
        new($"The blob store did not serve {what}: {(fault.Status == 0 ? fault.Message : $"status {fault.Status} {fault.ErrorCode}")}", fault);

    private static bool IsMissing(RequestFailedException fault) =>
        fault.ErrorCode == BlobErrorCode.BlobNotFound || fault.ErrorCode == BlobErrorCode.ContainerNotFound;

    private async Task UploadAsync(BlobClient blob, BinaryData data, CancellationToken token)
    {
        try
        {
            await blob.UploadAsync(data, Upload, token);
        }
        catch (RequestFailedException fault) when (fault.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await container.CreateIfNotExistsAsync(cancellationToken: token);
            await blob.UploadAsync(data, Upload, token);
        }
    }

    private BlobClient Blob(string name) => container.GetBlobClient(ArtifactNames.Validate(name));
}
