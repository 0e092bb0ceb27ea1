using System.Text.Json;
using Pipeline.Contracts;
using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Files;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Messages;
using Pipeline.Contracts.Results;

namespace Pipeline.GpuWorker.Shards;

/// <summary>Fetches what a shard's message names: its job and its samples.</summary>
public sealed class ShardLoader(IArtifactStore artifacts)
{
    /// <exception cref="ShardException">It cannot be had; the stage is <c>load</c>.</exception>
    public async Task<ShardWork> LoadAsync(ProcessShard shard, CancellationToken token)
    {
        try
        {
            await using var jobFile = await artifacts.OpenAsync(shard.JobArtifact, token);
            await using var limited = new LimitedStream(jobFile, shard.JobArtifact, ResolvedJob.LargestFile);
            var job = await JsonSerializer.DeserializeAsync<ResolvedJob>(limited, ContractsJson.Options, token)
                ?? throw new InvalidDataException($"{shard.JobArtifact} holds no job");
            await using var slice = await artifacts.OpenAsync(shard.SliceArtifact, token);
            var samples = await ManifestSlice.ReadAsync(slice, shard.SliceArtifact, token);
            return shard.Part.Skip + shard.Part.Samples <= samples.Count
                ? new ShardWork(shard, job, [.. samples.Skip(shard.Part.Skip).Take(shard.Part.Samples)])
                : throw new InvalidDataException($"{shard.SliceArtifact} holds {samples.Count} samples; the shard needs {shard.Part.Samples} from {shard.Part.Skip} on");
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            throw ShardException.From("load", fault);
        }
    }
}
