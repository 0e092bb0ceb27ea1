using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Seeds the CPU and every CUDA device.</summary>
    /// <returns>The CPU's generator.</returns>
    public static Generator manual_seed(long seed)
    {
        Bridge.Check(Bridge.pipeline_manual_seed(unchecked((ulong)seed)));
        return Generator.Default;
    }

    public static long initial_seed() => Generator.Default.initial_seed();

    public static long seed() => Generator.Default.seed();

    public static Tensor get_rng_state() => Generator.Default.get_state();

    public static void set_rng_state(Tensor new_state) => Generator.Default.set_state(new_state);

    /// <summary>The CPU's random numbers.</summary>
    public static class random
    {
        public static Generator manual_seed(long seed) => torch.manual_seed(seed);

        public static long initial_seed() => torch.initial_seed();

        public static long seed() => torch.seed();

        public static Tensor get_rng_state() => torch.get_rng_state();

        public static void set_rng_state(Tensor new_state) => torch.set_rng_state(new_state);
    }
}
