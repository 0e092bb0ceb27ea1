using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Pipeline.Contracts.Artifacts;

/// <summary>A store that tries again when the one inside is slow, busy or away, and for a while not at all when that helps nothing.</summary>
/// <remarks>A listing is not tried again half-way; whoever lists begins anew. When tries run out the fault is an <see cref="IOException"/>, as from any store.</remarks>
/// <param name="inner">Each operation may be done twice.</param>
/// <param name="pipeline">Such as one with <see cref="ArtifactResilience"/>.</param>
public sealed class ResilientArtifactStore(IArtifactStore inner, ResiliencePipeline pipeline) : IArtifactStore
{
    /// <inheritdoc/>
    public Task<ArtifactReference> PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken token) =>
        ExecuteAsync(name, async each => await inner.PutAsync(name, content, each), token);

    /// <inheritdoc/>
    public Task<Stream> OpenAsync(string name, CancellationToken token) => ExecuteAsync(name, async each => await inner.OpenAsync(name, each), token);

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(string name, CancellationToken token) => ExecuteAsync(name, async each => await inner.ExistsAsync(name, each), token);

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredArtifact> ListAsync(string folder, CancellationToken token) => inner.ListAsync(folder, token);

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken token) => ExecuteAsync(
        name,
        async each =>
        {
            await inner.DeleteAsync(name, each);
            return true;
        },
        token);

    private async Task<T> ExecuteAsync<T>(string name, Func<CancellationToken, ValueTask<T>> operation, CancellationToken token)
    {
        try
        {
            return await pipeline.ExecuteAsync(operation, token);
        }
        catch (BrokenCircuitException fault)
        {
            throw new IOException($"The artifact store is away and not asked for '{name}' until it had time to come back.", fault);
        }
        catch (TimeoutRejectedException fault)
        {
            throw new IOException($"The artifact store did not serve '{name}' within {fault.Timeout.TotalSeconds:F0} s.", fault);
        }
    }
}
