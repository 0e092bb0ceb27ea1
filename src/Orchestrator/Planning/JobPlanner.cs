using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Pipeline.Contracts;
using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Results;
using Pipeline.Orchestrator.Ledger;

namespace Pipeline.Orchestrator.Planning;

/// <summary>Turns a submitted job into a manifest, shards and a running job. Memory does not grow with the dataset.</summary>
internal sealed partial class JobPlanner(IDbContextFactory<LedgerContext> ledgers, IArtifactStore artifacts, PlanRules rules, TimeProvider time, ILogger<JobPlanner> log)
{
    /// <summary>Shards entered into the ledger at a time.</summary>
    private const int Batch = 256;

    /// <summary>Slices on their way to the store at a time: a store far away is a wait for each.</summary>
    private const int SlicesAtOnce = 16;

    /// <summary>Writes manifest slices as artifacts and shards to the ledger, then lets the job run. Whatever an earlier planner left half done is made anew.</summary>
    /// <returns>Null when another planner has the job, or when it is not to be planned: planned already, or ended.</returns>
    /// <exception cref="InvalidDataException">The dataset cannot be planned: it is empty, damaged, names a sample twice or breaks a rule.</exception>
    public async Task<ResolvedJob?> PlanAsync(Guid id, CancellationToken token)
    {
        await using var session = await PlanSession.OpenAsync(ledgers, id, time, token);
        if (session is null || await WriteManifestAsync(id, session, token) is not { } manifest)
            return null;
        var overlays = await OverlaySamplesAsync(id, session.Spec, manifest.Samples, token);
        var job = new ResolvedJob(id, session.Spec, session.Model, CodeVersion.Current, manifest.Samples, manifest.Expressions, manifest.Hash, overlays);
        await artifacts.PutAsync(ArtifactNames.Job(id), JsonSerializer.SerializeToUtf8Bytes(job, ContractsJson.Indented), token);
        if (!await session.StartAsync(job, manifest.Shards, token))
            return null;
        LogPlanned(id, manifest.Samples, manifest.Expressions, manifest.Shards);
        return job;
    }

    /// <returns>Null when the job was ended meanwhile.</returns>
    private async Task<Manifest?> WriteManifestAsync(Guid id, PlanSession session, CancellationToken token)
    {
        var spec = session.Spec;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var room = new SemaphoreSlim(SlicesAtOnce);
        var manifest = new Manifest(0, 0, 0, "");
        var batch = new List<Task<PlannedShard>>(Batch);
        try
        {
            await foreach (var samples in rules.ReadAsync(spec, token).Chunk(spec.Shards.Samples).WithCancellation(token))
            {
                await room.WaitAsync(token);
                batch.Add(StoreAsync(id, manifest.Shards, manifest.Samples, samples, room, token));
                var expressions = samples.Sum(sample => sample.Expressions.Count);
                manifest = manifest with { Shards = manifest.Shards + 1, Samples = manifest.Samples + samples.Length, Expressions = manifest.Expressions + expressions };
                if (batch.Count == Batch && !await EnterAsync(session, batch, hash, token))
                    return null;
            }

            if (manifest.Samples == 0)
                throw new InvalidDataException("dataset: it holds no sample; a job needs at least one.");
            return await EnterAsync(session, batch, hash, token) ? manifest with { Hash = Convert.ToHexStringLower(hash.GetHashAndReset()) } : null;
        }
        finally
        {
            await ((Task)Task.WhenAll(batch)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<PlannedShard> StoreAsync(Guid id, int shard, long first, Sample[] samples, SemaphoreSlim room, CancellationToken token)
    {
        try
        {
            var slice = await artifacts.PutAsync(ArtifactNames.Slice(id, shard), ManifestSlice.Write(samples), token);
            return new PlannedShard(shard, first, samples.Length, samples.Sum(sample => sample.Expressions.Count), slice);
        }
        finally
        {
            room.Release();
        }
    }

    /// <summary>Enters the shards of a batch whose slices are stored, and takes their hashes into the manifest's.</summary>
    private static async Task<bool> EnterAsync(PlanSession session, List<Task<PlannedShard>> batch, IncrementalHash hash, CancellationToken token)
    {
        var shards = await Task.WhenAll(batch);
        batch.Clear();
        foreach (var shard in shards)
            hash.AppendData(Encoding.ASCII.GetBytes(shard.Slice.Sha256));
        return await session.AddShardsAsync(shards, token);
    }

    private async Task<IReadOnlyList<string>> OverlaySamplesAsync(Guid id, JobSpec spec, long samples, CancellationToken token)
    {
        var ids = new List<string>();
        foreach (var shard in OverlayPositions.Of(samples, spec.Outputs.Overlays).GroupBy(position => position / spec.Shards.Samples))
        {
            var name = ArtifactNames.Slice(id, (int)shard.Key);
            await using var stream = await artifacts.OpenAsync(name, token);
            var slice = await ManifestSlice.ReadAsync(stream, name, token);
            ids.AddRange(shard.Select(position => slice[(int)(position % spec.Shards.Samples)].Id));
        }

        return ids;
    }

    private sealed record Manifest(long Samples, long Expressions, int Shards, string Hash);

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {Job} is planned: {Samples} samples, {Expressions} expressions, {Shards} shards")]
    private partial void LogPlanned(Guid job, long samples, long expressions, int shards);
}
