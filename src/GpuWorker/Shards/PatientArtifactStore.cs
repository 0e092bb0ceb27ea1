using Microsoft.Extensions.Logging;
using Pipeline.Contracts.Artifacts;

namespace Pipeline.GpuWorker.Shards;

/// <summary>Waits for a store that is away, for as long as somebody waits for the shard: a result that was paid for is not thrown away.</summary>
internal sealed partial class PatientArtifactStore(IArtifactStore inner, TimeProvider clock, ILogger<PatientArtifactStore> logger) : IArtifactStore
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public Task<ArtifactReference> PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken token) =>
        UntilDoneAsync(name, () => inner.PutAsync(name, content, token), token);

    /// <inheritdoc/>
    /// <remarks>Read to its end here, so that a store that goes away in the middle is waited for too.</remarks>
    public Task<Stream> OpenAsync(string name, CancellationToken token) => UntilDoneAsync<Stream>(
        name,
        async () =>
        {
            await using var source = await inner.OpenAsync(name, token);
            var content = new MemoryStream();
            await source.CopyToAsync(content, token);
            content.Position = 0;
            return content;
        },
        token);

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(string name, CancellationToken token) => UntilDoneAsync(name, () => inner.ExistsAsync(name, token), token);

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredArtifact> ListAsync(string folder, CancellationToken token) => inner.ListAsync(folder, token);

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken token) => inner.DeleteAsync(name, token);

    private async Task<T> UntilDoneAsync<T>(string name, Func<Task<T>> call, CancellationToken token)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return await call();
            }
            catch (Exception fault) when (!token.IsCancellationRequested && fault is not (FileNotFoundException or ArgumentException))
            {
                LogWaiting(name, fault.Message);
            }

            await Task.Delay(pause, clock, token);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Artifact {Name}: the store does not answer and is asked again: {Reason}")]
    private partial void LogWaiting(string name, string reason);
}
