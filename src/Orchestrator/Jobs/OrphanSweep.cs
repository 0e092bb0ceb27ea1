using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Artifacts;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Jobs;

/// <summary>Removes results that no shard refers to, once their job has ended: of attempts that came second, were damaged, or whose news never arrived. Then the job is sealed.</summary>
internal sealed partial class OrphanSweep(
    IDbContextFactory<LedgerContext> ledgers, IArtifactStore artifacts, IOptions<SweepOptions> options, TimeProvider time, ILogger<OrphanSweep> log)
{
    private const int AtOnce = 20;

    /// <returns>Jobs that were sealed.</returns>
    public async Task<int> SweepAsync(CancellationToken token)
    {
        var before = time.GetUtcNow() - options.Value.Grace;
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        var jobs = await ledger.Jobs
            .Where(row => row.SealedAt == null && row.EndedAt <= before && (row.State == JobState.Done || row.State == JobState.Stopped || row.State == JobState.Cancelled))
            .OrderBy(row => row.EndedAt).Take(AtOnce)
            .Select(row => new { row.Id, row.EndedAt })
            .ToListAsync(token);
        var done = 0;
        foreach (var job in jobs)
        {
            if (!await SweepAsync(ledger, job.Id, before, token))
                continue;
            DateTimeOffset? now = time.GetUtcNow();
            done += await ledger.Jobs
                .Where(row => row.Id == job.Id && row.EndedAt == job.EndedAt)
                .ExecuteUpdateAsync(row => row.SetProperty(r => r.SealedAt, now), token);
        }

        return done;
    }

    /// <returns>False when an orphan is too young to be removed.</returns>
    private async Task<bool> SweepAsync(LedgerContext ledger, Guid job, DateTimeOffset before, CancellationToken token)
    {
        var (removed, young) = (0, false);

        // Listed first: a result that is stored and counted in between is neither in the list nor missing among what counts.
        var stored = await artifacts.ListAsync(ArtifactNames.Results(job), token).ToListAsync(token);
        var counted = await ledger.Shards.Where(shard => shard.Job == job && shard.Result != null).Select(shard => shard.Result!).ToHashSetAsync(token);
        foreach (var orphan in stored.Where(artifact => !counted.Contains(artifact.Name)))
        {
            if (orphan.ModifiedAt > before)
            {
                young = true;
                continue;
            }

            await artifacts.DeleteAsync(orphan.Name, token);
            removed++;
        }

        if (removed > 0)
            LogSwept(removed, job);
        return !young;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Results} results that nothing refers to were removed from job {Job}")]
    private partial void LogSwept(int results, Guid job);
}
