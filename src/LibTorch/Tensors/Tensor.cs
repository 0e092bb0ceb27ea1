using System.Runtime.CompilerServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor of the machine's libtorch: a counted reference to it, owned by a <see cref="DisposeScope"/> or by nobody.</summary>
    /// <remarks>Different tensors may be used from different threads at the same time; one tensor may be read so. A finalizer catches what was not disposed of.</remarks>
    public partial class Tensor : IDisposable
    {
        private static long live;
        private static long peak;
        private nint handle;

        internal Tensor(nint handle)
        {
            this.handle = handle;
            var now = Interlocked.Increment(ref live);
            if (now > Volatile.Read(ref peak))
            {
                InterlockedMaximum(now);
            }

            DisposeScopeManager.Current.Register(this);
        }

        private Tensor() => GC.SuppressFinalize(this);

        ~Tensor() => ReleaseHandle();

        /// <summary>Tensors that live now, in all threads. Several may share their data.</summary>
        public static long TotalCount => Interlocked.Read(ref live);

        /// <summary>The most that ever lived at the same time.</summary>
        public static long PeakCount => Interlocked.Read(ref peak);

        /// <exception cref="InvalidOperationException">It was disposed of.</exception>
        public nint Handle
        {
            get
            {
                var value = handle;
                return value != 0 ? value : throw new InvalidOperationException("the tensor was disposed of");
            }
        }

        /// <summary>True after it was disposed of, and for what stands in the place of a tensor that does not exist.</summary>
        public bool IsInvalid => handle == 0;

        /// <summary>A name for diagnostics; libtorch knows nothing of it.</summary>
        public string? name { get; set; }

        internal DisposeScope? Owner { get; set; }

        public void Dispose()
        {
            if (Owner is { } owner)
            {
                owner.MarkAsDisposed(this);
            }
            else if (handle != 0)
            {
                DisposeScopeManager.Current.CountsOf(this).DisposedOutsideScopeCount++;
            }

            Release();
            GC.SuppressFinalize(this);
        }

        /// <summary>Gives the ownership to the scope around the one that has it, or to nobody when there is none.</summary>
        public Tensor MoveToOuterDisposeScope()
        {
            Owner?.MoveToOuter(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (other is null)
            {
                return DetachFromDisposeScope();
            }

            if (Owner is { } owner)
            {
                owner.MoveToOther(other, this);
            }
            else
            {
                other.Attach(this);
            }

            return this;
        }

        /// <summary>Moves it to the scope that owns <paramref name="other"/>.</summary>
        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.Owner);

        /// <summary>Gives the ownership to the caller.</summary>
        public Tensor DetachFromDisposeScope()
        {
            Owner?.Detach(this);
            return this;
        }

        /// <summary>Another reference to the same tensor, with a lifetime of its own.</summary>
        public Tensor alias() => new(Shared());

        /// <summary>Same shape and same values, as <c>torch.equal</c> in Python.</summary>
        public bool Equals(Tensor target) => Operators.equal.CallBoolean(this, target);

        public override bool Equals(object? obj) => obj is Tensor target && Equals(target);

        public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

        /// <summary>Stands in the place of a tensor that does not exist.</summary>
        internal static Tensor Missing() => new();

        /// <summary>Ends it without telling a scope.</summary>
        internal void Release()
        {
            ReleaseHandle();
            GC.SuppressFinalize(this);
        }

        internal nint Shared()
        {
            var shared = Bridge.pipeline_tensor_share(Handle);
            GC.KeepAlive(this);
            return shared;
        }

        private static void InterlockedMaximum(long value)
        {
            var seen = Interlocked.Read(ref peak);
            while (value > seen)
            {
                var before = Interlocked.CompareExchange(ref peak, value, seen);
                if (before == seen)
                {
                    return;
                }

                seen = before;
            }
        }

        private void ReleaseHandle()
        {
            var ending = Interlocked.Exchange(ref handle, 0);
            if (ending != 0)
            {
                Interlocked.Decrement(ref live);
                Bridge.pipeline_tensor_release(ending);
            }
        }
    }
}
