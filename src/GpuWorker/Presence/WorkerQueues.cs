using Microsoft.Extensions.Options;
using Pipeline.Contracts.Messages;
using Pipeline.GpuWorker.Hosting;
using Pipeline.GpuWorker.Inference;

namespace Pipeline.GpuWorker.Presence;

/// <summary>The queues this worker takes shards from: the one for every model, or one for each model it was given.</summary>
/// <exception cref="OptionsValidationException">A folder of <c>Worker:Models</c> holds no checkpoint.</exception>
internal sealed class WorkerQueues(IOptions<WorkerOptions> options, CheckpointHashes hashes)
{
    private readonly Lazy<IReadOnlyList<string>> names = new(() => options.Value.Models is { Count: > 0 } models
        ? [.. models.Select((folder, index) => WorkQueues.Of(options.Value.Queue, HashOf(folder, index, hashes))).Distinct()]
        : [options.Value.Queue]);

    public IReadOnlyList<string> Names => names.Value;

    private static string HashOf(string folder, int index, CheckpointHashes hashes)
    {
        try
        {
            return hashes.Of(folder);
        }
        catch (InvalidDataException fault)
        {
            throw new OptionsValidationException(nameof(WorkerOptions.Models), typeof(WorkerOptions), [$"Worker:Models:{index} is no checkpoint: {fault.Message}"]);
        }
    }
}
