using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>Metadata of a tensor; mirrors <c>Description</c> in dispatcher.cpp. The pointers live as long as the tensor keeps its shape.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TensorDescription
{
    public long* Sizes;
    public long* Strides;
    public long Elements;
    public long Offset;
    public int Dimensions;
    public int ScalarType;
    public int DeviceType;
    public int DeviceIndex;
    public int ElementSize;
    public int Contiguous;

    public readonly ReadOnlySpan<long> Shape => new(Sizes, Dimensions);

    public readonly ReadOnlySpan<long> Stride => Strides == null ? default : new(Strides, Dimensions);
}
