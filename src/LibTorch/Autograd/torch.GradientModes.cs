using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Operators record nothing until it is disposed of, on this thread.</summary>
    public static IDisposable no_grad() => new GradientMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradientMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradientMode(mode);

    public static bool is_grad_enabled() => Bridge.pipeline_grad_mode_get() != 0;

    /// <summary>As <see cref="no_grad"/>, and tensors made meanwhile can never take part in autograd. Must be disposed of on the same thread.</summary>
    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    public static bool is_inference_mode_enabled() => Bridge.pipeline_inference_mode_get() != 0;

    private sealed class GradientMode : IDisposable
    {
        private readonly bool before = is_grad_enabled();

        public GradientMode(bool enabled) => Bridge.pipeline_grad_mode_set(enabled ? 1 : 0);

        public void Dispose() => Bridge.pipeline_grad_mode_set(before ? 1 : 0);
    }

    private sealed class InferenceMode(bool enabled) : IDisposable
    {
        private nint guard = Bridge.pipeline_inference_mode_begin(enabled ? 1 : 0);

        public void Dispose()
        {
            var ending = Interlocked.Exchange(ref guard, 0);
            if (ending != 0)
            {
                Bridge.pipeline_inference_mode_end(ending);
            }
        }
    }
}
