using MassTransit;
using Pipeline.Contracts.Messages;
using Pipeline.Orchestrator.Dispatching;
using Pipeline.Orchestrator.Faults;

namespace Pipeline.Orchestrator.Workers;

internal sealed class WorkerSeenConsumer(WorkerPresence workers, Doorbell doorbell, Patience patience) : IConsumer<WorkerSeen>
{
    public Task Consume(ConsumeContext<WorkerSeen> context) => patience.WaitOutAsync(token => NoteAsync(context.Message, token), context.CancellationToken);

    private async Task NoteAsync(WorkerSeen seen, CancellationToken token)
    {
        if (await workers.NoteAsync(seen, token))
            doorbell.Ring();
    }
}
