using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Pipeline.Contracts.Artifacts;

/// <summary>Artifacts as files under one folder, for the embedded mode and for tests.</summary>
/// <remarks>A file is written aside, flushed to the disk and then renamed, so that a crash leaves the old bytes, the new ones or nothing. An artifact of the same name is replaced as a whole.</remarks>
/// <param name="root">Folder; made when the first artifact is stored.</param>
public sealed class FolderArtifactStore(string root) : IArtifactStore
{
    private readonly string root = Path.GetFullPath(root);

    /// <summary>Half-written files; no artifact name reaches here, since no part of one begins with '.'.</summary>
    private string Incoming => Path.Combine(root, ".incoming");

    /// <inheritdoc/>
    public async Task<ArtifactReference> PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken token)
    {
        var target = PathOf(name);
        Directory.CreateDirectory(Incoming);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var aside = Path.Combine(Incoming, Path.GetRandomFileName());
        try
        {
            await using (var file = new FileStream(aside, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true))
            {
                await file.WriteAsync(content, token);
                file.Flush(flushToDisk: true);
            }

            File.Move(aside, target, overwrite: true);
        }
        finally
        {
            File.Delete(aside);
        }

        return new ArtifactReference(name, Convert.ToHexStringLower(SHA256.HashData(content.Span)), content.Length);
    }

    /// <inheritdoc/>
    public Task<Stream> OpenAsync(string name, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        var path = PathOf(name);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no artifact '{name}' in {root}.", path);
        return Task.FromResult<Stream>(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 64 * 1024, useAsync: true));
    }

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(string name, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        return Task.FromResult(File.Exists(PathOf(name)));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredArtifact> ListAsync(string folder, [EnumeratorCancellation] CancellationToken token)
    {
        await Task.CompletedTask;
        var start = new DirectoryInfo(PathOf(folder));
        if (!start.Exists)
            yield break;
        foreach (var file in start.EnumerateFiles("*", SearchOption.AllDirectories))
        {
            token.ThrowIfCancellationRequested();
            yield return new StoredArtifact(Path.GetRelativePath(root, file.FullName).Replace(Path.DirectorySeparatorChar, '/'), file.Length, file.LastWriteTimeUtc);
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        var path = PathOf(name);
        if (File.Exists(path))
            File.Delete(path);
        return Task.CompletedTask;
    }

    private string PathOf(string name) => Path.Combine(root, ArtifactNames.Validate(name));
}
