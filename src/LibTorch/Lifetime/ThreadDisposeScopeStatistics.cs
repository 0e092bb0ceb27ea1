using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>The lifetime counts of a thread: tensors apart, everything together.</summary>
public class ThreadDisposeScopeStatistics
{
    private readonly LifetimeStatistics others = new();

    public LifetimeStatistics TensorStatistics { get; } = new();

    public long CreatedOutsideScopeCount => TensorStatistics.CreatedOutsideScopeCount + others.CreatedOutsideScopeCount;

    public long CreatedInScopeCount => TensorStatistics.CreatedInScopeCount + others.CreatedInScopeCount;

    public long DisposedOutsideScopeCount => TensorStatistics.DisposedOutsideScopeCount + others.DisposedOutsideScopeCount;

    public long DisposedInScopeCount => TensorStatistics.DisposedInScopeCount + others.DisposedInScopeCount;

    public long AttachedToScopeCount => TensorStatistics.AttachedToScopeCount + others.AttachedToScopeCount;

    public long DetachedFromScopeCount => TensorStatistics.DetachedFromScopeCount + others.DetachedFromScopeCount;

    public long ThreadTotalLiveCount => TensorStatistics.ThreadTotalLiveCount;

    public void Reset()
    {
        TensorStatistics.Reset();
        others.Reset();
    }

    public override string ToString() => $"tensors: {TensorStatistics}; others: {others}";

    internal LifetimeStatistics Of(Tensor? tensor) => tensor is null ? others : TensorStatistics;
}
