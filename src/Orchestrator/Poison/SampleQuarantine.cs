using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Messages;
using Pipeline.Contracts.Results;
using Pipeline.Orchestrator.Artifacts;
using Pipeline.Orchestrator.Ingest;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Poison;

/// <summary>Gives up a single sample that crashes workers: the orchestrator writes the result that no worker could, all predictions failed, and takes it in the ordinary way.</summary>
internal sealed partial class SampleQuarantine(
    IDbContextFactory<LedgerContext> ledgers, IArtifactStore artifacts, ShardIngest ingest, ILogger<SampleQuarantine> log)
{
    private const string Author = "orchestrator";
    private const int LongestReason = 2000;
    private const int AttemptsTold = 10;

    /// <returns>False when the shard was done or changed meanwhile.</returns>
    public async Task<bool> QuarantineAsync(PoisonedShard shard, CancellationToken token)
    {
        var slice = await SliceArtifact.ReadAsync(artifacts, shard.Slice, shard.SliceSha256, token);
        var result = new ShardResult(
            shard.Job, shard.Index, shard.Attempt, Author, CodeVersion.Current, [.. Failures(shard, slice[shard.Skip], await ExplainAsync(shard, token))]);
        var bytes = ShardResultFile.Write(result);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var stored = await artifacts.PutAsync(ArtifactNames.Result(shard.Job, shard.Index, shard.Attempt, hash), bytes, token);
        if (await ingest.QuarantineAsync(new ShardCompleted(shard.Job, shard.Index, shard.Attempt, Author, stored), token) != IngestOutcome.Counted)
            return false;
        LogQuarantined(slice[shard.Skip].Id.ReplaceLineEndings(" "), shard.Index, shard.Job, shard.Crashes, shard.Losses);
        return true;
    }

    private static IEnumerable<Prediction> Failures(PoisonedShard shard, Sample sample, PredictionFailure failure) =>
        from expression in Enumerable.Range(0, sample.Expressions.Count)
        from variant in Enumerable.Range(shard.FirstVariant, shard.Variants)
        select new Prediction { Sample = sample.Id, Expression = expression, Variant = variant, Failure = failure };

    /// <summary>What each attempt came to, also those at the larger shards that the sample was part of.</summary>
    private async Task<PredictionFailure> ExplainAsync(PoisonedShard shard, CancellationToken token)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(token);
        var attempts = await ledger.Attempts
            .Where(row => row.Job == shard.Job && row.Shard == shard.Index && (row.State == AttemptState.Failed || row.State == AttemptState.Lost))
            .OrderByDescending(row => row.Attempt).Take(AttemptsTold)
            .ToListAsync(token);
        var history = attempts.OrderBy(row => row.Attempt).Select(row => string.Create(
            CultureInfo.InvariantCulture, $"attempt {row.Attempt} on {row.Worker ?? "an unknown worker"}: {(row.Stage is null ? "" : $"{row.Stage}, ")}{row.Reason}"));
        var reason = string.Create(
            CultureInfo.InvariantCulture,
            $"quarantined as a single sample after {shard.Crashes} crashes and {shard.Losses} lost workers; {string.Join("; ", history)}");
        return new PredictionFailure(
            FaultClass.Crash, attempts.Select(row => row.Stage).FirstOrDefault(stage => stage is not null) ?? "unknown", reason.Length > LongestReason ? reason[..LongestReason] : reason);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Sample {Sample}, shard {Shard} of job {Job}, is quarantined after {Crashes} crashes and {Losses} lost workers")]
    private partial void LogQuarantined(string sample, int shard, Guid job, int crashes, int losses);
}
