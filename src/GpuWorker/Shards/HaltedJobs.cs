namespace Pipeline.GpuWorker.Shards;

/// <summary>Up to which epoch jobs were halted, for shards that run and for those of the same epochs still to come.</summary>
/// <remarks>Remembers the last thousand jobs a worker met, since messages of one that long ago no longer wait in any queue.</remarks>
public sealed class HaltedJobs
{
    private const int Remembered = 1000;

    private readonly Lock gate = new();
    private readonly OrderedDictionary<Guid, Job> jobs = [];

    /// <summary>Cancelled as soon as the job is halted in this epoch or a later one.</summary>
    public CancellationToken TokenOf(Guid job, int epoch)
    {
        lock (gate)
        {
            var known = Find(job);
            if (epoch <= known.HaltedUpTo)
            {
                return new CancellationToken(canceled: true);
            }

            if (!known.Epochs.TryGetValue(epoch, out var source))
            {
                source = known.Epochs[epoch] = new CancellationTokenSource();
            }

            return source.Token;
        }
    }

    /// <param name="epoch">The last one to drop.</param>
    public void Halt(Guid job, int epoch)
    {
        List<CancellationTokenSource> dropped;
        lock (gate)
        {
            var known = Find(job);
            known.HaltedUpTo = Math.Max(known.HaltedUpTo, epoch);
            dropped = [.. known.Epochs.Where(entry => entry.Key <= epoch).Select(entry => entry.Value)];
            foreach (var old in known.Epochs.Keys.Where(key => key <= epoch).ToArray())
            {
                known.Epochs.Remove(old);
            }
        }

        foreach (var source in dropped)
        {
            source.Cancel();
        }
    }

    private Job Find(Guid job)
    {
        if (jobs.TryGetValue(job, out var known))
        {
            return known;
        }

        if (jobs.Count == Remembered)
        {
            jobs.RemoveAt(0);
        }

        return jobs[job] = new Job();
    }

    private sealed class Job
    {
        public int HaltedUpTo { get; set; } = -1;

        public Dictionary<int, CancellationTokenSource> Epochs { get; } = [];
    }
}
