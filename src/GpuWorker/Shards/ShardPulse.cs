namespace Pipeline.GpuWorker.Shards;

/// <summary>Signs of life of a shard, from its start to its end: at once, then four in a lease whatever the model does, and more, at most one a second, while samples get done.</summary>
internal sealed class ShardPulse : IAsyncDisposable
{
    private static readonly TimeSpan MostOften = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource ended = new();
    private readonly TimeProvider clock;
    private readonly TimeSpan silence;
    private readonly Func<int, CancellationToken, Task> tell;
    private readonly Task beating;
    private int samples;

    private ShardPulse(TimeProvider clock, TimeSpan lease, Func<int, CancellationToken, Task> tell)
    {
        this.clock = clock;
        this.tell = tell;
        silence = lease / 4;
        beating = BeatAsync();
    }

    /// <param name="lease">How long the others wait for a sign.</param>
    /// <param name="tell">Gets the samples done so far; what it throws is dropped, since the next sign follows.</param>
    public static ShardPulse Start(TimeProvider clock, TimeSpan lease, Func<int, CancellationToken, Task> tell) => new(clock, lease, tell);

    /// <param name="done">Samples done so far.</param>
    public void Samples(int done) => Volatile.Write(ref samples, done);

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await beating;
        ended.Dispose();
    }

    private async Task BeatAsync()
    {
        var interval = silence < MostOften ? silence : MostOften;
        using var timer = new PeriodicTimer(interval, clock);
        var told = -1;
        long last = 0;
        do
        {
            var done = Volatile.Read(ref samples);
            // Half an interval early rather than one late: timers do not tick to the millisecond.
            if (done != told || clock.GetElapsedTime(last) >= silence - (interval / 2))
            {
                last = clock.GetTimestamp();
                told = await TellAsync(done) ? done : told;
            }
        }
        while (await NextAsync(timer));
    }

    private async Task<bool> NextAsync(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(ended.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<bool> TellAsync(int done)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ended.Token);
        limited.CancelAfter(silence);
        try
        {
            await tell(done, limited.Token);
            return true;
        }
#pragma warning disable CA1031 // A sign of life that nobody hears is followed by the next.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }
}
