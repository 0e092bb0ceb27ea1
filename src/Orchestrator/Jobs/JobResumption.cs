using Microsoft.EntityFrameworkCore;
using Pipeline.Orchestrator.Dispatching;
using Pipeline.Orchestrator.Ledger;
using Pipeline.Orchestrator.Planning;

namespace Pipeline.Orchestrator.Jobs;

/// <summary>Lets a job go on whose only process ended or was killed, with its messages: an embedded run.</summary>
public sealed class JobResumption
{
    private readonly IDbContextFactory<LedgerContext> ledgers;
    private readonly ManifestComparison manifests;
    private readonly ShardQueue shards;
    private readonly JobControl control;
    private readonly Doorbell dispatching;

    internal JobResumption(
        IDbContextFactory<LedgerContext> ledgers, ManifestComparison manifests, ShardQueue shards, JobControl control, Doorbell dispatching)
    {
        this.ledgers = ledgers;
        this.manifests = manifests;
        this.shards = shards;
        this.control = control;
        this.dispatching = dispatching;
    }

    /// <summary>Takes back what the earlier process had in its hands, and opens a job again that was interrupted or stopped. One that is done stays so.</summary>
    /// <param name="before">When this process began: attempts sent since then are its own.</param>
    /// <exception cref="InvalidDataException">The dataset is not what was planned; the message names the first sample that differs and in what.</exception>
    /// <exception cref="KeyNotFoundException">The ledger has no such job.</exception>
    public async Task ResumeAsync(Guid job, DateTimeOffset before, CancellationToken token)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        var row = await ledger.Jobs.AsNoTracking().SingleOrDefaultAsync(row => row.Id == job, token) ?? throw JobStates.Unknown(job);
        if (row.StartedAt is not null)
            await manifests.RequireUnchangedAsync(row, token);
        var held = await ledger.Shards
            .Where(shard => shard.Job == job && shard.State == ShardState.Sent && shard.SentAt < before)
            .Select(shard => new { shard.Index, shard.Attempt })
            .ToListAsync(token);
        foreach (var shard in held)
            await shards.ReleaseAsync(job, shard.Index, shard.Attempt, "the run was killed", token);
        if (row.State is JobState.Cancelled or JobState.Stopped)
            await control.RetryAsync(job, token);
        dispatching.Ring();
    }
}
