using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Messages;
using Pipeline.Contracts.Results;
using Pipeline.GpuWorker.Fetch;
using Pipeline.GpuWorker.Hosting;
using Pipeline.GpuWorker.Inference;

namespace Pipeline.GpuWorker.Shards;

/// <summary>Whether this worker may run a shard: same messages, same code, same weights. What it refuses is no fault of the shard.</summary>
internal abstract class ShardAdmission
{
    /// <exception cref="ShardException">The message is of another version.</exception>
    public static void RequireContract(ProcessShard shard)
    {
        if (shard.Contract != ProcessShard.CurrentContract)
        {
            throw Refused($"the shard was sent in version {shard.Contract} of the messages; this worker speaks {ProcessShard.CurrentContract}");
        }
    }

    /// <exception cref="ShardException">The job's images may lie at addresses, and this worker fetches none.</exception>
    public static void RequireFetching(ResolvedJob job, FetchOptions options)
    {
        if (job.Spec.Dataset.Urls == ImageUrls.Allow && options.Hosts.Count == 0)
        {
            throw Refused("the job's images lie at addresses, and this worker fetches none; its operator allows hosts as Fetch:Hosts");
        }
    }

    /// <exception cref="ShardException">Another code version planned the job, or its checkpoint is not here as it was planned.</exception>
    public async Task RequireAsync(ResolvedJob job, CancellationToken token)
    {
        if (!CodeVersion.Agree(job.CodeVersion, CodeVersion.Current))
        {
            throw Refused($"version {job.CodeVersion} planned the job; this worker is version {CodeVersion.Current}");
        }

        await RequireWeightsAsync(job, token);
    }

    protected abstract Task RequireWeightsAsync(ResolvedJob job, CancellationToken token);

    private static ShardException Refused(string reason) => new(FaultClass.Refused, "load", reason);

    /// <summary>For a process that described the checkpoint itself, or that loads none.</summary>
    internal sealed class WithoutWeights : ShardAdmission
    {
        protected override Task RequireWeightsAsync(ResolvedJob job, CancellationToken token) => Task.CompletedTask;
    }

    /// <summary>For a worker on another machine, or at another time, than the plan.</summary>
    internal sealed class OfWeights(CheckpointHashes hashes) : ShardAdmission
    {
        protected override async Task RequireWeightsAsync(ResolvedJob job, CancellationToken token)
        {
            var checkpoint = job.Spec.Model.Checkpoint;
            string found;
            try
            {
                found = await Task.Run(() => hashes.Of(checkpoint), token);
            }
            catch (InvalidDataException fault)
            {
                throw Refused($"the job's checkpoint {checkpoint} is not on this machine: {fault.Message}");
            }

            if (found != job.Model.WeightsHash)
            {
                throw Refused($"the checkpoint {checkpoint} on this machine has the weights {found}; the job was planned with {job.Model.WeightsHash}");
            }
        }
    }
}
