using MassTransit;
using Pipeline.Contracts.Messages;
using Pipeline.Orchestrator.Dispatching;

namespace Pipeline.Orchestrator.Workers;

internal sealed class WorkerSeenConsumer(WorkerPresence workers, Doorbell doorbell) : IConsumer<WorkerSeen>
{
    public async Task Consume(ConsumeContext<WorkerSeen> context)
    {
        if (await workers.NoteAsync(context.Message, context.CancellationToken))
            doorbell.Ring();
    }
}
