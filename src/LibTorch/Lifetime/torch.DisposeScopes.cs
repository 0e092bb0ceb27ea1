namespace TorchSharp;

public static partial class torch
{
    /// <summary>The innermost dispose scope of this thread.</summary>
    public static DisposeScope? CurrentDisposeScope => DisposeScopeManager.Current.Innermost;

    /// <summary>Begins a scope that owns every tensor made on this thread until it is disposed of.</summary>
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.Current.Begin();

    /// <summary>Runs <paramref name="expr"/> in a dispose scope of its own and hands its result to the scope around.</summary>
    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using var scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }
}
