using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.LibTorch.Tests;

/// <summary>A test in a dispose scope of its own.</summary>
public abstract class TensorTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose()
    {
        scope.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static float[] Floats(Tensor tensor) => tensor.to(float32).data<float>().ToArray();

    protected static long[] Longs(Tensor tensor) => tensor.data<long>().ToArray();

    protected static bool[] Flags(Tensor tensor) => tensor.data<bool>().ToArray();
}
