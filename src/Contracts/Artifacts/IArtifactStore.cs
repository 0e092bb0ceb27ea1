namespace Pipeline.Contracts.Artifacts;

/// <summary>Where artifacts live. Names are '/'-separated relative paths of letters, digits, '-', '_' and '.'; everything else is refused.</summary>
/// <remarks>Every operation throws <see cref="IOException"/> while the store is away; doing it again is harmless and may succeed.</remarks>
public interface IArtifactStore
{
    /// <summary>Stores bytes under a name, atomically: a reader sees all of them or nothing.</summary>
    Task<ArtifactReference> PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken token);

    /// <exception cref="FileNotFoundException">There is no such artifact.</exception>
    Task<Stream> OpenAsync(string name, CancellationToken token);

    Task<bool> ExistsAsync(string name, CancellationToken token);

    /// <summary>Everything whose name begins with a folder's, in no particular order.</summary>
    /// <param name="folder">One or more whole parts of a name, such as <c>jobs/ID</c>.</param>
    IAsyncEnumerable<StoredArtifact> ListAsync(string folder, CancellationToken token);

    /// <summary>Removes an artifact; one that is not there is no fault.</summary>
    Task DeleteAsync(string name, CancellationToken token);
}
