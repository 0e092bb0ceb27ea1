using Microsoft.Extensions.Logging;
using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Files;
using Pipeline.Contracts.Manifests;
using Pipeline.Hosting.Resilience;
using Polly;

namespace Pipeline.GpuWorker.Shards;

/// <summary>Waits for a store that is away, for as long as somebody waits for the shard: a result that was paid for is not thrown away.</summary>
internal sealed class PatientArtifactStore(IArtifactStore inner, TimeProvider clock, ILogger<PatientArtifactStore> logger) : IArtifactStore
{
    /// <summary>The largest result, over a slow line.</summary>
    private static readonly TimeSpan PerTry = TimeSpan.FromMinutes(10);

    private readonly ResiliencePipeline pipeline = ResiliencePipelines.Create(
        ArtifactResilience.PipelineName, fault => fault is not (FileNotFoundException or ArgumentException or InvalidDataException), PerTry, clock, logger);

    /// <inheritdoc/>
    public Task<ArtifactReference> PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken token) =>
        UntilDoneAsync(each => inner.PutAsync(name, content, each), token);

    /// <inheritdoc/>
    /// <remarks>Read to its end here, so that a store that goes away in the middle is waited for too.</remarks>
    public Task<Stream> OpenAsync(string name, CancellationToken token) => UntilDoneAsync<Stream>(
        async each =>
        {
            await using var source = await inner.OpenAsync(name, each);
            await using var limited = new LimitedStream(source, name, ManifestSlice.Largest);
            var content = new MemoryStream();
            await limited.CopyToAsync(content, each);
            content.Position = 0;
            return content;
        },
        token);

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(string name, CancellationToken token) => UntilDoneAsync(each => inner.ExistsAsync(name, each), token);

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredArtifact> ListAsync(string folder, CancellationToken token) => inner.ListAsync(folder, token);

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken token) => inner.DeleteAsync(name, token);

    private async Task<T> UntilDoneAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken token) =>
        await pipeline.ExecuteAsync(async each => await call(each), token);
}
