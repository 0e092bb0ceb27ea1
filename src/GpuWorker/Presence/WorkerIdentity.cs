using Microsoft.Extensions.Options;
using Pipeline.Contracts.Messages;
using Pipeline.GpuWorker.Hosting;

namespace Pipeline.GpuWorker.Presence;

/// <summary>What this worker says of itself.</summary>
internal sealed class WorkerIdentity(IOptions<WorkerOptions> options, WorkerQueues queues)
{
    private readonly Guid instance = Guid.NewGuid();

    /// <param name="leaving">It takes nothing more.</param>
    public WorkerSeen Seen(bool leaving) => new(
        options.Value.Name, instance, queues.Names, options.Value.Slots, CodeVersion.Current, options.Value.Device, leaving);
}
