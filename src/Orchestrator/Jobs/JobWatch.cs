using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Jobs;

/// <summary>Answers where a job stands. Ask as often as you like: a large job's counts are read no more often than they are cheap.</summary>
public sealed class JobWatch
{
    /// <summary>A reading is good for this many times what it cost, so that watching takes at most a twentieth of a connection's time.</summary>
    private const int Restraint = 20;

    private readonly IDbContextFactory<LedgerContext> ledgers;
    private readonly InFlightSamples inFlight;
    private readonly TimeProvider time;
    private readonly ConcurrentDictionary<Guid, Watched> watched = new();

    internal JobWatch(IDbContextFactory<LedgerContext> ledgers, InFlightSamples inFlight, TimeProvider time)
    {
        this.ledgers = ledgers;
        this.inFlight = inFlight;
        this.time = time;
    }

    /// <exception cref="KeyNotFoundException">The ledger has no such job.</exception>
    public async Task<JobProgress> ReadAsync(Guid job, CancellationToken token)
    {
        var entry = watched.GetOrAdd(job, _ => new Watched());
        await entry.Gate.WaitAsync(token);
        try
        {
            if (entry.Latest is null || entry.Stale || time.GetElapsedTime(entry.ReadAt) > entry.Cost * Restraint)
            {
                entry.Stale = false;
                var start = time.GetTimestamp();
                entry.Latest = await QueryAsync(job, entry.Pace, token);
                (entry.ReadAt, entry.Cost) = (time.GetTimestamp(), time.GetElapsedTime(start));
            }

            if (entry.Latest.Ended)
                watched.TryRemove(job, out _);
            return entry.Latest;
        }
        catch (KeyNotFoundException)
        {
            watched.TryRemove(job, out _);
            throw;
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    /// <summary>The next reading looks into the ledger: something was just changed there by whoever asks.</summary>
    internal void Forget(Guid job)
    {
        if (watched.TryGetValue(job, out var entry))
            entry.Stale = true;
    }

    private async Task<JobProgress> QueryAsync(Guid id, Pace pace, CancellationToken token)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        var job = await ledger.Jobs.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, token)
            ?? throw new KeyNotFoundException($"The ledger has no job {id}.");
        var tallies = await ShardTally.ReadAsync(ledger, id, token);
        var sent = await ledger.Shards.Where(shard => shard.Job == id && shard.State == ShardState.Sent).Select(shard => shard.Index).ToListAsync(token);
        var failures = await ledger.Partials
            .Where(partial => partial.Job == id && partial.Failures > 0)
            .GroupBy(partial => partial.Variant)
            .Select(partials => new { Variant = partials.Key, Failures = partials.Sum(partial => partial.Failures) })
            .ToDictionaryAsync(partials => partials.Variant, partials => partials.Failures, token);
        var variants = await ledger.Variants.Where(variant => variant.Job == id).OrderBy(variant => variant.Index).Select(variant => variant.Name).ToListAsync(token);

        // What is in flight counts for the variants that are furthest behind; the others have those samples already.
        var underWay = inFlight.Sum(id, sent);
        var samples = Math.Min(job.Samples, Enumerable.Range(0, variants.Count).Select(variant => ShardTally.SamplesDone(tallies, variant)).DefaultIfEmpty().Min() + underWay);
        var expressionsUnderWay = job.Samples == 0 ? 0 : underWay * job.Expressions / job.Samples;
        var rate = pace.Mark(time.GetElapsedTime(0), samples);
        return new JobProgress(
            id,
            job.Name,
            job.State,
            job.Reason,
            job.Samples,
            samples,
            rate,
            rate is { } perSecond ? TimeSpan.FromSeconds((job.Samples - samples) / perSecond) : null,
            [.. variants.Select((name, variant) => new VariantProgress(
                name, Math.Min(ShardTally.ExpressionsDone(tallies, variant) + expressionsUnderWay, job.Expressions), job.Expressions, failures.GetValueOrDefault(variant)))])
        {
            Shards = ShardTally.Count(tallies),
            Paused = job.Paused,
            Priority = job.Priority,
            SubmittedBy = job.SubmittedBy,
            SubmittedAt = job.SubmittedAt,
            StartedAt = job.StartedAt,
            EndedAt = job.EndedAt,
        };
    }

    private sealed class Watched
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public Pace Pace { get; } = new();

        public JobProgress? Latest { get; set; }

        public bool Stale { get; set; }

        public long ReadAt { get; set; }

        public TimeSpan Cost { get; set; }
    }
}
