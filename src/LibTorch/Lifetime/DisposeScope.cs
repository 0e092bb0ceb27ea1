using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Owns the tensors made on its thread while it is the innermost scope, and disposes of them when it ends.</summary>
/// <remarks>
/// Scopes nest, belong to the thread that made them and do not follow <c>await</c>. A scope may be asked to let go of a tensor from another
/// thread; everything else happens on its own.
/// </remarks>
public sealed class DisposeScope : IDisposable
{
    private readonly DisposeScopeManager manager;
    private readonly Lock gate = new();
    private HashSet<IDisposable> disposables = new(ReferenceEqualityComparer.Instance);
    private bool ended;

    internal DisposeScope(DisposeScopeManager manager, DisposeScope? outer)
    {
        this.manager = manager;
        Outer = outer;
    }

    /// <summary>The nearest scope around this one that has not ended.</summary>
    internal DisposeScope? Outer
    {
        get
        {
            while (field is { ended: true })
            {
                field = field.Outer;
            }

            return field;
        }

        private init;
    }

    /// <summary>What the scope owns now; a copy.</summary>
    public IReadOnlyList<IDisposable> DisposablesView
    {
        get
        {
            lock (gate)
            {
                return [.. disposables];
            }
        }
    }

    public int DisposablesCount
    {
        get
        {
            lock (gate)
            {
                return disposables.Count;
            }
        }
    }

    public bool Contains(IDisposable disposable)
    {
        lock (gate)
        {
            return disposables.Contains(disposable);
        }
    }

    /// <summary>Takes over the ownership, from another scope if there is one.</summary>
    public void Attach(IDisposable disposable)
    {
        var tensor = disposable as Tensor;
        if (tensor is { Owner: { } owner } && owner != this)
        {
            owner.Remove(tensor);
        }

        if (Add(disposable))
        {
            manager.CountsOf(tensor).AttachedToScopeCount++;
        }
    }

    public void Attach(params IDisposable[] disposables) => Attach((IEnumerable<IDisposable>)disposables);

    public IReadOnlyList<IDisposable> Attach(IEnumerable<IDisposable> disposables)
    {
        var attached = disposables.ToList();
        attached.ForEach(Attach);
        return attached;
    }

    /// <summary>Gives the ownership to the caller: nobody disposes of it but who disposes of it (or, at last, the garbage collector).</summary>
    public T Detach<T>(T disposable)
        where T : IDisposable
    {
        if (Remove(disposable))
        {
            manager.CountsOf(disposable as Tensor).DetachedFromScopeCount++;
        }

        return disposable;
    }

    public (T1 first, T2 second) Detach<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable
        => (Detach(first), Detach(second));

    public (T1 first, T2 second, T3 third) Detach<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable
        => (Detach(first), Detach(second), Detach(third));

    public void Detach(params IDisposable[] disposables) => Detach((IEnumerable<IDisposable>)disposables);

    public void Detach(IEnumerable<IDisposable> disposables)
    {
        foreach (var disposable in disposables)
        {
            Detach(disposable);
        }
    }

    /// <summary>Gives the ownership to the scope around this one, or to nobody when there is none.</summary>
    public T MoveToOuter<T>(T disposable)
        where T : IDisposable
        => MoveToOther(Outer, disposable);

    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable
        => (MoveToOuter(first), MoveToOuter(second));

    public (T1 first, T2 second, T3 third) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable
        => (MoveToOuter(first), MoveToOuter(second), MoveToOuter(third));

    public void MoveToOuter(params IDisposable[] disposables) => MoveToOther(Outer, disposables);

    public void MoveToOuter(IEnumerable<IDisposable> disposables) => MoveToOther(Outer, disposables);

    public T MoveToOther<T>(DisposeScope? scope, T disposable)
        where T : IDisposable
    {
        if (Remove(disposable))
        {
            if (scope is not null)
            {
                scope.Add(disposable);
            }
            else
            {
                manager.CountsOf(disposable as Tensor).DetachedFromScopeCount++;
            }
        }

        return disposable;
    }

    public (T1 first, T2 second) MoveToOther<T1, T2>(DisposeScope? scope, T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable
        => (MoveToOther(scope, first), MoveToOther(scope, second));

    public (T1 first, T2 second, T3 third) MoveToOther<T1, T2, T3>(DisposeScope? scope, T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable
        => (MoveToOther(scope, first), MoveToOther(scope, second), MoveToOther(scope, third));

    public void MoveToOther(DisposeScope? scope, params IDisposable[] disposables) =>
        MoveToOther(scope, (IEnumerable<IDisposable>)disposables);

    public void MoveToOther(DisposeScope? scope, IEnumerable<IDisposable> disposables)
    {
        foreach (var disposable in disposables)
        {
            MoveToOther(scope, disposable);
        }
    }

    /// <summary>Disposes of everything now; the scope goes on.</summary>
    public void DisposeEverything() => DisposeEverythingBut([]);

    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);

    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        var keep = new HashSet<IDisposable>(inKeep, ReferenceEqualityComparer.Instance);
        HashSet<IDisposable> ending;
        lock (gate)
        {
            ending = disposables;
            keep.IntersectWith(ending);
            disposables = keep;
        }

        foreach (var disposable in ending)
        {
            if (!keep.Contains(disposable))
            {
                End(disposable);
            }
        }
    }

    public T DisposeEverythingBut<T>(T keep)
        where T : IDisposable
    {
        DisposeEverythingBut([keep]);
        return keep;
    }

    public (T1 first, T2 second) DisposeEverythingBut<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable
    {
        DisposeEverythingBut([first, second]);
        return (first, second);
    }

    public (T1 first, T2 second, T3 third) DisposeEverythingBut<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable
    {
        DisposeEverythingBut([first, second, third]);
        return (first, second, third);
    }

    /// <summary>Tells the scope that someone else disposed of it; tensors do so themselves.</summary>
    public void MarkAsDisposed(IDisposable disposable)
    {
        if (Remove(disposable))
        {
            manager.CountsOf(disposable as Tensor).DisposedInScopeCount++;
        }
    }

    public void Dispose()
    {
        ended = true;
        DisposeEverything();
        manager.Remove(this);
    }

    internal bool Add(IDisposable disposable)
    {
        if (disposable is Tensor tensor)
        {
            tensor.Owner = this;
        }

        lock (gate)
        {
            return disposables.Add(disposable);
        }
    }

    private bool Remove(IDisposable disposable)
    {
        if (disposable is Tensor tensor && tensor.Owner == this)
        {
            tensor.Owner = null;
        }

        lock (gate)
        {
            return disposables.Remove(disposable);
        }
    }

    private void End(IDisposable disposable)
    {
        var tensor = disposable as Tensor;
        if (tensor is not null)
        {
            tensor.Owner = null;
            if (tensor.IsInvalid)
            {
                return;
            }
        }

        manager.CountsOf(tensor).DisposedInScopeCount++;
        if (tensor is not null)
        {
            tensor.Release();
        }
        else
        {
            disposable.Dispose();
        }
    }
}
