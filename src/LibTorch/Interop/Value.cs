using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>An argument or a result of an operator as the bridge sees it; mirrors <c>Value</c> in dispatcher.cpp.</summary>
[StructLayout(LayoutKind.Explicit)]
internal struct Value
{
    [FieldOffset(0)]
    public ValueKind Kind;

    [FieldOffset(4)]
    public int Length;

    [FieldOffset(8)]
    public long Integer;

    [FieldOffset(8)]
    public double Real;

    [FieldOffset(8)]
    public nint Pointer;
}
