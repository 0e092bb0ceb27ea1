using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Of the value's type (Int64 or Float64) unless <paramref name="dtype"/> says otherwise.</summary>
    public static Tensor full(long[] size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Operators.full.Call(size, value, dtype ?? value.Type, Argument.None, device, Argument.None), requires_grad, names);

    public static Tensor full(ReadOnlySpan<long> size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        full(size.ToArray(), value, dtype, device, requires_grad, names);

    public static Tensor full(long size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        full([size], value, dtype, device, requires_grad, names);

    public static Tensor full(long rows, long columns, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        full([rows, columns], value, dtype, device, requires_grad, names);

    public static Tensor full(long dim0, long dim1, long dim2, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        full([dim0, dim1, dim2], value, dtype, device, requires_grad, names);

    public static Tensor full(long dim0, long dim1, long dim2, long dim3, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        full([dim0, dim1, dim2, dim3], value, dtype, device, requires_grad, names);

    public static Tensor full(int size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        full([size], value, dtype, device, requires_grad, names);

    public static Tensor full(int rows, int columns, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        full([rows, columns], value, dtype, device, requires_grad, names);

    public static Tensor full(int dim0, int dim1, int dim2, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        full([dim0, dim1, dim2], value, dtype, device, requires_grad, names);

    public static Tensor full(int dim0, int dim1, int dim2, int dim3, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        full([dim0, dim1, dim2, dim3], value, dtype, device, requires_grad, names);

    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Operators.zeros_like.Call(input, dtype, Argument.None, device, Argument.None), requires_grad, names);

    public static Tensor ones_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Operators.ones_like.Call(input, dtype, Argument.None, device, Argument.None), requires_grad, names);

    public static Tensor empty_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Operators.empty_like.Call(input, dtype, Argument.None, device, Argument.None), requires_grad, names);

    public static Tensor full_like(Tensor input, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Operators.full_like.Call(input, value, dtype, Argument.None, device, Argument.None), requires_grad, names);

    /// <summary>From 0 up to, not including, <paramref name="stop"/>; Int64 for whole numbers, else float32.</summary>
    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(start, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(
        Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
        => Made(Operators.arange_start_step.Call(start, stop, step, dtype, Argument.None, device, Argument.None), requires_grad);

    /// <summary><paramref name="steps"/> numbers at equal distances, both ends included.</summary>
    public static Tensor linspace(
        double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
        => Made(Operators.linspace.Call(start, end, steps, dtype, Argument.None, device, Argument.None), requires_grad);

    /// <summary>Ones on the diagonal; square unless <paramref name="columns"/> is given.</summary>
    public static Tensor eye(long rows, long columns = -1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Operators.eye_m.Call(rows, columns < 0 ? rows : columns, dtype, Argument.None, device, Argument.None), requires_grad, names);

    private static Tensor Made(Tensor tensor, bool requiresGrad, string[]? names = null)
    {
        if (names is not null)
        {
            tensor.Dispose();
            throw new NotSupportedException("named dimensions are not supported; leave names out");
        }

        return requiresGrad ? tensor.requires_grad_() : tensor;
    }
}
