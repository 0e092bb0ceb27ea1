using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pipeline.Contracts;
using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Models;
using Pipeline.Contracts.Results;
using Pipeline.Orchestrator.Dispatching;
using Pipeline.Orchestrator.Jobs;

namespace Pipeline.Orchestrator.Planning;

/// <summary>Turns a validated specification into a manifest, shards and a running job. Memory does not grow with the dataset.</summary>
public sealed partial class JobPlanner
{
    /// <summary>Shards entered into the ledger at a time.</summary>
    private const int Batch = 256;

    private readonly PlanLedger ledger;
    private readonly IArtifactStore artifacts;
    private readonly JobEndings endings;
    private readonly Doorbell doorbell;
    private readonly ILogger<JobPlanner> log;

    internal JobPlanner(PlanLedger ledger, IArtifactStore artifacts, JobEndings endings, Doorbell doorbell, ILogger<JobPlanner> log)
    {
        this.ledger = ledger;
        this.artifacts = artifacts;
        this.endings = endings;
        this.doorbell = doorbell;
        this.log = log;
    }

    /// <summary>Writes manifest slices as artifacts and shards to the ledger, then lets the job run.</summary>
    /// <param name="id">Id of the new job; everything else that is written follows from the other two and the dataset.</param>
    /// <param name="spec">Validated, every list expanded.</param>
    /// <param name="model">Its checkpoint.</param>
    /// <exception cref="InvalidDataException">The dataset cannot be planned: it is empty, damaged or names a sample twice. The job is stopped with that reason.</exception>
    public async Task<ResolvedJob> PlanAsync(Guid id, JobSpec spec, ModelDescription model, CancellationToken token)
    {
        await ledger.AddJobAsync(id, spec, token);
        try
        {
            var manifest = await WriteManifestAsync(id, spec, token);
            var job = new ResolvedJob(
                id, spec, model, CodeVersion.Current, manifest.Samples, manifest.Expressions, manifest.Hash, await OverlaySamplesAsync(id, spec, manifest.Samples, token));
            await artifacts.PutAsync(ArtifactNames.Job(id), JsonSerializer.SerializeToUtf8Bytes(job, ContractsJson.Indented), token);
            await ledger.StartAsync(job, manifest.Shards, token);
            LogPlanned(id, manifest.Samples, manifest.Expressions, manifest.Shards);
            doorbell.Ring();
            return job;
        }
        catch (Exception fault)
        {
            await endings.StopAsync(id, $"planning failed: {fault.Message}", CancellationToken.None);
            throw;
        }
    }

    private async Task<Manifest> WriteManifestAsync(Guid id, JobSpec spec, CancellationToken token)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var manifest = new Manifest(0, 0, 0, "");
        var batch = new List<PlannedShard>(Batch);
        await foreach (var samples in DatasetReaders.ReadAsync(spec.Dataset, token).Chunk(spec.Shards.Samples).WithCancellation(token))
        {
            var slice = await artifacts.PutAsync(ArtifactNames.Slice(id, manifest.Shards), ManifestSlice.Write(samples), token);
            var expressions = samples.Sum(sample => sample.Expressions.Count);
            hash.AppendData(Encoding.ASCII.GetBytes(slice.Sha256));
            batch.Add(new PlannedShard(manifest.Shards, manifest.Samples, samples.Length, expressions, slice));
            manifest = manifest with { Shards = manifest.Shards + 1, Samples = manifest.Samples + samples.Length, Expressions = manifest.Expressions + expressions };
            if (batch.Count == Batch)
            {
                await ledger.AddShardsAsync(id, spec.Variants.Count, batch, token);
                batch.Clear();
            }
        }

        if (manifest.Samples == 0)
            throw new InvalidDataException("dataset: it holds no sample; a job needs at least one.");
        await ledger.AddShardsAsync(id, spec.Variants.Count, batch, token);
        return manifest with { Hash = Convert.ToHexStringLower(hash.GetHashAndReset()) };
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
