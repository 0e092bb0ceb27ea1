using Pipeline.Contracts.Messages;
using Pipeline.GpuWorker.Inference;

namespace Pipeline.GpuWorker.Shards;

/// <summary>An attempt at a shard gives no result.</summary>
public sealed class ShardException : Exception
{
    public ShardException(FaultClass faultClass, string stage, string reason, Exception? inner = null)
        : base(reason, inner)
    {
        Class = faultClass;
        Stage = stage;
    }

    /// <summary>Decides what follows.</summary>
    public FaultClass Class { get; }

    /// <summary><c>load</c>, <c>infer</c> or <c>store</c>.</summary>
    public string Stage { get; }

    /// <summary>A fault outside any one sample is no poison: another attempt, perhaps elsewhere, may well succeed.</summary>
    public static ShardException From(string stage, Exception fault) => fault as ShardException
        ?? new ShardException(InferenceFault.ClassOf(fault) == FaultClass.Capacity ? FaultClass.Capacity : FaultClass.Transient, stage, fault.Message, fault);
}
