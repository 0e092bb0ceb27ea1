using System.Collections.Concurrent;
using Pipeline.Contracts.Messages;

namespace Pipeline.GpuWorker.Shards;

/// <summary>The attempts this worker is at. The broker hands one out again when its connection breaks; it is then still run once only.</summary>
internal sealed class HeldShards(HaltedJobs halted)
{
    private readonly ConcurrentDictionary<(Guid Job, int Shard, int Attempt), Held> attempts = [];

    /// <summary>Runs an attempt, or waits for the one that runs already.</summary>
    /// <param name="work">Its token is cancelled when the job is halted or the attempt is revoked.</param>
    public async Task OnceAsync(ProcessShard shard, Func<CancellationToken, Task> work)
    {
        var key = (shard.Job, shard.Shard, shard.Attempt);
        var mine = new Held(CancellationTokenSource.CreateLinkedTokenSource(halted.TokenOf(shard.Job, shard.Epoch)));
        var held = attempts.GetOrAdd(key, mine);
        if (held != mine)
        {
            mine.Revoked.Dispose();
            await held.Ended.Task;
            return;
        }

        using (mine.Revoked)
        {
            try
            {
                await work(mine.Revoked.Token);
                mine.Ended.SetResult();
            }
            catch (Exception fault)
            {
                mine.Ended.SetException(fault);
                // Whoever waits sees it too; if nobody does, it must not count as one that was never looked at.
                _ = mine.Ended.Task.Exception;
                throw;
            }
            finally
            {
                attempts.TryRemove(key, out _);
            }
        }
    }

    /// <summary>Nobody waits for this attempt any more. Does nothing when this worker is not at it.</summary>
    public void Revoke(AttemptRevoked attempt)
    {
        if (attempts.TryGetValue((attempt.Job, attempt.Shard, attempt.Attempt), out var held))
        {
            try
            {
                held.Revoked.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It ended in this very moment.
            }
        }
    }

    private sealed class Held(CancellationTokenSource revoked)
    {
        public CancellationTokenSource Revoked { get; } = revoked;

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
