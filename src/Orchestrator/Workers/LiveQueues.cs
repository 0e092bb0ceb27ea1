namespace Pipeline.Orchestrator.Workers;

/// <summary>The queues that live workers take shards from.</summary>
/// <param name="slots">Of each queue, the slots of its workers together.</param>
internal sealed class LiveQueues(IReadOnlyDictionary<string, int> slots)
{
    /// <summary>In ordinal order.</summary>
    public string[] Names { get; } = [.. slots.Keys.Order(StringComparer.Ordinal)];

    /// <returns>0 when nobody takes from it.</returns>
    public int SlotsOf(string queue) => slots.GetValueOrDefault(queue);
}
