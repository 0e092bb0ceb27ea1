using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor select(long dim, long index) => Operators.select_int.Call(this, dim, index);

        public Tensor narrow(long dim, long start, long length) => Operators.narrow.Call(this, dim, start, length);

        public Tensor slice(long dim, long start, long finish, long step) => Operators.slice_Tensor.Call(this, dim, start, finish, step);

        public Tensor gather(long dim, Tensor index) => Operators.gather.Call(this, dim, index);

        public Tensor scatter(long dim, Tensor index, Tensor src) => Operators.scatter_src.Call(this, dim, index, src);

        public Tensor scatter_(long dim, Tensor index, Tensor src) => Operators.scatter__src.Update(this, dim, index, src);

        public Tensor scatter_add(long dim, Tensor index, Tensor src) => Operators.scatter_add.Call(this, dim, index, src);

        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => Operators.scatter_add_.Update(this, dim, index, src);

        public Tensor index_select(long dim, Tensor index) => Operators.index_select.Call(this, dim, index);

        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) => Operators.index_add_.Update(this, dim, index, source, alpha);

        public Tensor index_copy_(long dim, Tensor index, Tensor source) => Operators.index_copy_.Update(this, dim, index, source);

        public Tensor index_fill_(long dim, Tensor index, Scalar value) => Operators.index_fill__int_Scalar.Update(this, dim, index, value);

        public Tensor take(Tensor index) => Operators.take.Call(this, index);

        public Tensor take_along_dim(Tensor indices, long dim) => Operators.take_along_dim.Call(this, indices, dim);

        public Tensor masked_fill(Tensor mask, Scalar value) => Operators.masked_fill_Scalar.Call(this, mask, value);

        public Tensor masked_fill_(Tensor mask, Scalar value) => Operators.masked_fill__Scalar.Update(this, mask, value);

        /// <summary>Where the mask is true, the next element of <paramref name="value"/>.</summary>
        public Tensor masked_scatter(Tensor mask, Tensor value) => Operators.masked_scatter.Call(this, mask, value);

        public Tensor masked_scatter_(Tensor mask, Tensor value) => Operators.masked_scatter_.Update(this, mask, value);

        /// <summary>The elements under the mask, in order; 1-d.</summary>
        public Tensor masked_select(Tensor mask) => Operators.masked_select.Call(this, mask);

        /// <summary>This where the condition holds, else <paramref name="y"/>.</summary>
        public Tensor where(Tensor condition, Tensor y) => Operators.where_self.Call(condition, this, y);

        /// <summary>Places of elements that are not zero; (n, ndim) Int64.</summary>
        public Tensor nonzero() => Operators.nonzero.Call(this);

        public Tensor argwhere() => Operators.argwhere.Call(this);

        public Tensor fill_(Scalar value) => Operators.fill__Scalar.Update(this, value);

        public Tensor zero_() => Operators.zero_.Update(this);

        /// <summary>Overwrites the elements with those of <paramref name="source"/>, broadcast and converted.</summary>
        public Tensor copy_(Tensor source, bool nonBlocking = false) => Operators.copy_.Update(this, source, nonBlocking);
    }
}
