using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor select(Tensor input, long dim, long index) => input.select(dim, index);

    public static Tensor narrow(Tensor input, long dim, long start, long length) => input.narrow(dim, start, length);

    public static Tensor gather(Tensor input, long dim, Tensor index) => input.gather(dim, index);

    public static Tensor scatter(Tensor input, long dim, Tensor index, Tensor src) => input.scatter(dim, index, src);

    public static Tensor scatter_add(Tensor input, long dim, Tensor index, Tensor src) => input.scatter_add(dim, index, src);

    public static Tensor index_select(Tensor input, long dim, Tensor index) => input.index_select(dim, index);

    public static Tensor take(Tensor input, Tensor index) => input.take(index);

    public static Tensor take_along_dim(Tensor input, Tensor indices, long dim = 0) => input.take_along_dim(indices, dim);

    public static Tensor masked_select(Tensor input, Tensor mask) => input.masked_select(mask);

    /// <summary><paramref name="x"/> where the condition holds, else <paramref name="y"/>.</summary>
    public static Tensor where(Tensor condition, Tensor x, Tensor y) => Operators.where_self.Call(condition, x, y);

    /// <summary>Places where the condition holds, one tensor per dimension.</summary>
    public static Tensor[] where(Tensor condition) => Operators.where.CallList(condition);

    public static Tensor nonzero(Tensor input) => input.nonzero();

    public static Tensor argwhere(Tensor input) => input.argwhere();

    public static Tensor searchsorted(Tensor sorted_sequence, Tensor values, bool out_int32 = false, bool right = false, Tensor? sorter = null) =>
        Operators.searchsorted_Tensor.Call(sorted_sequence, values, out_int32, right, Argument.None, sorter);
}
