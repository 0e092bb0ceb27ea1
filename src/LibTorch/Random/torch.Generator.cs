using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A source of random numbers with a state of its own. Not for several threads at once.</summary>
    public class Generator : IDisposable
    {
        private static Generator? ofProcessor;
        private nint handle;

        /// <param name="seed">The same seed gives the same numbers, on one kind of device and one libtorch version.</param>
        /// <param name="device">The CPU if not given.</param>
        public unsafe Generator(ulong seed = 0, Device? device = null)
        {
            this.device = device ?? CPU;
            nint created;
            Bridge.Check(Bridge.pipeline_generator_create(this.device.Packed, seed, &created));
            handle = created;
        }

        private Generator(nint handle, Device device)
        {
            this.handle = handle;
            this.device = device;
        }

        ~Generator() => Release();

        /// <summary>The one that the CPU uses when none is given.</summary>
        public static Generator Default => ofProcessor ??= OfDevice(CPU);

        public Device device { get; }

        /// <exception cref="ObjectDisposedException">It was disposed of.</exception>
        public nint Handle => handle != 0 ? handle : throw new ObjectDisposedException(nameof(Generator));

        public Generator manual_seed(long seed)
        {
            Bridge.Check(Bridge.pipeline_generator_set_seed(Handle, unchecked((ulong)seed)));
            GC.KeepAlive(this);
            return this;
        }

        /// <summary>Seeds it with a number that nobody can foresee, and returns that.</summary>
        public unsafe long seed()
        {
            ulong chosen;
            Bridge.Check(Bridge.pipeline_generator_random_seed(Handle, &chosen));
            GC.KeepAlive(this);
            return unchecked((long)chosen);
        }

        public unsafe long initial_seed()
        {
            ulong seed;
            Bridge.Check(Bridge.pipeline_generator_initial_seed(Handle, &seed));
            GC.KeepAlive(this);
            return unchecked((long)seed);
        }

        /// <returns>Bytes for <see cref="set_state"/>.</returns>
        public unsafe Tensor get_state()
        {
            nint state;
            Bridge.Check(Bridge.pipeline_generator_get_state(Handle, &state));
            GC.KeepAlive(this);
            return new Tensor(state);
        }

        public void set_state(Tensor value)
        {
            Bridge.Check(Bridge.pipeline_generator_set_state(Handle, value.Handle));
            GC.KeepAlive(this);
            GC.KeepAlive(value);
        }

        public void Dispose()
        {
            Release();
            GC.SuppressFinalize(this);
        }

        /// <summary>The generator that a device uses when none is given; seeding it seeds the device.</summary>
        internal static unsafe Generator OfDevice(Device device)
        {
            nint shared;
            Bridge.Check(Bridge.pipeline_generator_default(device.Packed, &shared));
            return new Generator(shared, device);
        }

        private void Release()
        {
            var ending = Interlocked.Exchange(ref handle, 0);
            if (ending != 0)
            {
                Bridge.pipeline_generator_release(ending);
            }
        }
    }
}
