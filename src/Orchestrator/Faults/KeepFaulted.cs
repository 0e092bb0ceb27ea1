using MassTransit;

namespace Pipeline.Orchestrator.Faults;

/// <summary>The end of a message that could not be handled, or that nobody consumes: into the ledger, in place of an error queue that nobody reads.</summary>
internal sealed class KeepFaulted(FaultedMessages messages, Patience patience) : IFilter<ExceptionReceiveContext>, IFilter<ReceiveContext>
{
    public Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next) => KeepAsync(context, Reason(context.Exception));

    public Task Send(ReceiveContext context, IPipe<ReceiveContext> next) => KeepAsync(context, "nothing here handles messages of this type");

    public void Probe(ProbeContext context) => context.CreateFilterScope("keep-faulted");

    private Task KeepAsync(ReceiveContext context, string reason)
    {
        var queue = context.InputAddress.AbsolutePath.Split('/')[^1];
        return patience.WaitOutAsync(token => messages.KeepAsync(queue, context.Body.GetString(), reason, token), context.CancellationToken);
    }

    private static string Reason(Exception fault) => fault.InnerException is { } inner ? $"{fault.Message} {inner.Message}" : fault.Message;
}
