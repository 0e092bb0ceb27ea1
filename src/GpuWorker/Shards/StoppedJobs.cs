namespace Pipeline.GpuWorker.Shards;

/// <summary>Which jobs were stopped, for shards that run and for those of the same job still to come. A stopped job stays stopped.</summary>
/// <remarks>Remembers the last thousand jobs a worker met, since messages of one that long ago no longer wait in any queue.</remarks>
public sealed class StoppedJobs
{
    private const int Remembered = 1000;

    private readonly Lock gate = new();
    private readonly OrderedDictionary<Guid, CancellationTokenSource> jobs = [];

    /// <summary>Cancelled as soon as the job is stopped.</summary>
    public CancellationToken TokenOf(Guid job) => SourceOf(job).Token;

    public void Stop(Guid job) => SourceOf(job).Cancel();

    private CancellationTokenSource SourceOf(Guid job)
    {
        lock (gate)
        {
            if (jobs.TryGetValue(job, out var known))
            {
                return known;
            }

            if (jobs.Count == Remembered)
            {
                jobs.RemoveAt(0);
            }

            return jobs[job] = new CancellationTokenSource();
        }
    }
}
