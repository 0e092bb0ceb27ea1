using Pipeline.Contracts.Artifacts;

namespace Pipeline.Orchestrator.Tests.Planning;

/// <summary>Notes what memory lives while artifacts are stored, at every tenth of them.</summary>
internal sealed class MeasuringStore(IArtifactStore store) : IArtifactStore
{
    private int stored;

    public List<long> Living { get; } = [];

    public Task<ArtifactReference> PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken token)
    {
        if (stored++ % 10 == 0)
            Living.Add(GC.GetTotalMemory(forceFullCollection: true));
        return store.PutAsync(name, content, token);
    }

    public Task<Stream> OpenAsync(string name, CancellationToken token) => store.OpenAsync(name, token);

    public IAsyncEnumerable<StoredArtifact> ListAsync(string folder, CancellationToken token) => store.ListAsync(folder, token);

    public Task DeleteAsync(string name, CancellationToken token) => store.DeleteAsync(name, token);

    public Task<bool> ExistsAsync(string name, CancellationToken token) => store.ExistsAsync(name, token);
}
