using MassTransit;
using Pipeline.Contracts.Messages;

namespace Pipeline.Orchestrator.Tests.Support;

/// <summary>Does with each shard what its test says.</summary>
internal sealed class ScriptedWorker(ScriptedWorker.Script script) : IConsumer<ProcessShard>
{
    public delegate Task Script(ConsumeContext<ProcessShard> context);

    public Task Consume(ConsumeContext<ProcessShard> context) => script(context);
}
