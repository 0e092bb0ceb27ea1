using System.Collections.Concurrent;
using Pipeline.Contracts.Artifacts;

namespace Pipeline.GpuWorker.Children;

/// <summary>In the child: stores pictures by asking the worker, which alone may reach the store.</summary>
internal sealed class ParentArtifactStore(FrameChannel channel) : IArtifactStore
{
    private const string OnlyPictures = "The process that runs the model stores pictures and reaches nothing else.";

    private readonly ConcurrentDictionary<int, TaskCompletionSource<ArtifactReference>> asked = [];
    private int last;

    public async Task<ArtifactReference> PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken token)
    {
        var id = Interlocked.Increment(ref last);
        var answer = asked[id] = new TaskCompletionSource<ArtifactReference>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            channel.Write(new PutRequest(id, name, content).ToFrame());
            return await answer.Task.WaitAsync(token);
        }
        finally
        {
            asked.TryRemove(id, out _);
        }
    }

    /// <summary>The worker's answer came.</summary>
    public void Answer(PutAnswer answer)
    {
        if (!asked.TryGetValue(answer.Id, out var waiting))
        {
            return;
        }

        if (answer.Stored is { } stored)
        {
            waiting.TrySetResult(stored);
        }
        else
        {
            waiting.TrySetException(new IOException(answer.Fault));
        }
    }

    public Task<Stream> OpenAsync(string name, CancellationToken token) => throw new NotSupportedException(OnlyPictures);

    public Task<bool> ExistsAsync(string name, CancellationToken token) => throw new NotSupportedException(OnlyPictures);

    public IAsyncEnumerable<StoredArtifact> ListAsync(string folder, CancellationToken token) => throw new NotSupportedException(OnlyPictures);

    public Task DeleteAsync(string name, CancellationToken token) => throw new NotSupportedException(OnlyPictures);
}
