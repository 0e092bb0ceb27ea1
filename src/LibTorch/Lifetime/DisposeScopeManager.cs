using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>The dispose scopes of one thread, innermost last, and their statistics.</summary>
public class DisposeScopeManager
{
    [ThreadStatic]
    private static DisposeScopeManager? current;

    private readonly List<DisposeScope> scopes = [];
    private readonly ThreadDisposeScopeStatistics statistics = new();

    /// <summary>Counts of this thread.</summary>
    public static ThreadDisposeScopeStatistics Statistics => Current.statistics;

    internal static DisposeScopeManager Current => current ??= new DisposeScopeManager();

    internal DisposeScope? Innermost => scopes.Count == 0 ? null : scopes[^1];

    internal DisposeScope Begin()
    {
        var scope = new DisposeScope(this, Innermost);
        scopes.Add(scope);
        return scope;
    }

    internal void Register(Tensor tensor)
    {
        if (Innermost is { } scope)
        {
            statistics.TensorStatistics.CreatedInScopeCount++;
            scope.Add(tensor);
        }
        else
        {
            statistics.TensorStatistics.CreatedOutsideScopeCount++;
        }
    }

    internal void Remove(DisposeScope scope) => scopes.Remove(scope);

    internal LifetimeStatistics CountsOf(Tensor? tensor) => statistics.Of(tensor);
}
