namespace TorchSharp;

/// <summary>How many objects of one kind were made, disposed of and moved on a thread.</summary>
public class LifetimeStatistics
{
    public long CreatedOutsideScopeCount { get; internal set; }

    public long CreatedInScopeCount { get; internal set; }

    public long DisposedOutsideScopeCount { get; internal set; }

    public long DisposedInScopeCount { get; internal set; }

    public long AttachedToScopeCount { get; internal set; }

    public long DetachedFromScopeCount { get; internal set; }

    /// <summary>Made and not disposed of yet. Objects that end on another thread (or in the finalizer) still count here.</summary>
    public long ThreadTotalLiveCount => CreatedOutsideScopeCount + CreatedInScopeCount - DisposedOutsideScopeCount - DisposedInScopeCount;

    public void Reset()
    {
        CreatedOutsideScopeCount = 0;
        CreatedInScopeCount = 0;
        DisposedOutsideScopeCount = 0;
        DisposedInScopeCount = 0;
        AttachedToScopeCount = 0;
        DetachedFromScopeCount = 0;
    }

    public override string ToString() =>
        $"created in scope {CreatedInScopeCount}, outside {CreatedOutsideScopeCount}; disposed in scope {DisposedInScopeCount}, "
        + $"outside {DisposedOutsideScopeCount}; attached {AttachedToScopeCount}, detached {DetachedFromScopeCount}; live {ThreadTotalLiveCount}";
}
