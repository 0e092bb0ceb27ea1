using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor tensor(bool scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Copied<bool>([scalar], [], dtype, device, requires_grad);

    public static Tensor tensor(byte scalar, Device? device = null, bool requires_grad = false) =>
        Copied<byte>([scalar], [], null, device, requires_grad);

    public static Tensor tensor(sbyte scalar, Device? device = null, bool requires_grad = false) =>
        Copied<sbyte>([scalar], [], null, device, requires_grad);

    public static Tensor tensor(short scalar, Device? device = null, bool requires_grad = false) =>
        Copied<short>([scalar], [], null, device, requires_grad);

    public static Tensor tensor(int scalar, Device? device = null, bool requires_grad = false) =>
        Copied<int>([scalar], [], null, device, requires_grad);

    public static Tensor tensor(long scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Copied<long>([scalar], [], dtype, device, requires_grad);

    public static Tensor tensor(float scalar, Device? device = null, bool requires_grad = false) =>
        Copied<float>([scalar], [], null, device, requires_grad);

    public static Tensor tensor(double scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Copied<double>([scalar], [], dtype, device, requires_grad);

    public static Tensor tensor(BFloat16 scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Copied<BFloat16>([scalar], [], dtype, device, requires_grad);

    private static unsafe Tensor Copied<T>(
        ReadOnlySpan<T> elements, ReadOnlySpan<long> shape, ScalarType? dtype, Device? device, bool requiresGrad, string[]? names = null)
        where T : unmanaged
    {
        long expected = 1;
        foreach (var size in shape)
        {
            expected *= size;
        }

        if (expected != elements.Length)
        {
            throw new ArgumentException($"{elements.Length} elements do not fill the shape [{string.Join(", ", shape.ToArray())}]", nameof(elements));
        }

        var type = ElementTypes.Of<T>();
        var tensor = empty(shape.ToArray(), type);
        elements.CopyTo(new Span<T>(tensor.Data(), elements.Length));
        if ((dtype ?? type) != type || device is not (null or { type: DeviceType.CPU }))
        {
            tensor = tensor.to(dtype ?? type, device ?? CPU, disposeAfter: true);
        }

        return Made(tensor, requiresGrad, names);
    }

    private static unsafe Tensor Copied<T>(Array elements, ScalarType? dtype, Device? device, bool requiresGrad, string[]? names)
        where T : unmanaged
    {
        var shape = new long[elements.Rank];
        for (var dimension = 0; dimension < shape.Length; dimension++)
        {
            shape[dimension] = elements.GetLongLength(dimension);
        }

        var flat = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(elements)), elements.Length);
        return Copied(flat, shape, dtype, device, requiresGrad, names);
    }
}
