using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor sum(ScalarType? type = null) => Operators.sum.Call(this, type);

        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => sum([dim], keepdim, type);

        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => Operators.sum_dim_IntList.Call(this, dim, keepdim, type);

        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) => sum(dim.ToArray(), keepdim, type);

        public Tensor mean() => Operators.mean.Call(this);

        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) =>
            Operators.mean_dim.Call(this, dimensions, keepdim, type);

        public Tensor prod(ScalarType? type = null) => Operators.prod.Call(this, type);

        public Tensor prod(long dim, bool keepdim = false, ScalarType? type = null) => Operators.prod_dim_int.Call(this, dim, keepdim, type);

        /// <param name="unbiased">Divide by n - 1 instead of n.</param>
        public Tensor std(bool unbiased = true) => Operators.std.Call(this, unbiased);

        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => std([dim], unbiased, keepdim, type);

        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Converted(Operators.std_dim.Call(this, dimensions, unbiased, keepdim), type);

        /// <param name="unbiased">Divide by n - 1 instead of n.</param>
        public Tensor var(bool unbiased = true) => Operators.var.Call(this, unbiased);

        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => var([dim], unbiased, keepdim, type);

        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Converted(Operators.var_dim.Call(this, dimensions, unbiased, keepdim), type);

        public Tensor max() => Operators.max.Call(this);

        public Tensor max(Tensor other) => maximum(other);

        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) => Operators.max_dim.CallPair(this, dim, keepdim);

        public Tensor amax(params long[] dims) => Operators.amax.Call(this, dims);

        public Tensor argmax() => Operators.argmax.Call(this);

        /// <returns>Int64; of equal elements any.</returns>
        public Tensor argmax(long dim, bool keepdim = false) => Operators.argmax.Call(this, dim, keepdim);

        public Tensor min() => Operators.min.Call(this);

        public Tensor min(Tensor other) => minimum(other);

        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) => Operators.min_dim.CallPair(this, dim, keepdim);

        public Tensor amin(params long[] dims) => Operators.amin.Call(this, dims);

        public Tensor argmin() => Operators.argmin.Call(this);

        /// <returns>Int64; of equal elements any.</returns>
        public Tensor argmin(long dim, bool keepdim = false) => Operators.argmin.Call(this, dim, keepdim);

        public Tensor all() => Operators.all.Call(this);

        public Tensor all(long dim, bool keepdim = false) => Operators.all_dim.Call(this, dim, keepdim);

        public Tensor any() => Operators.any.Call(this);

        public Tensor any(long dim, bool keepdim = false) => Operators.any_dim.Call(this, dim, keepdim);

        /// <summary>The <paramref name="k"/> largest (or smallest) elements of a dimension and their places.</summary>
        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true) =>
            Operators.topk.CallPair(this, k, dim, largest, sorted);

        /// <param name="dim">Sorted independently of the others.</param>
        /// <param name="descending">Largest first.</param>
        /// <param name="stable">Keep the order of equal elements.</param>
        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false) =>
            Operators.sort_stable.CallPair(this, stable, dim, descending);

        public Tensor argsort(long dim = -1, bool descending = false) => Operators.argsort.Call(this, dim, descending);

        public Tensor cumsum(long dim, ScalarType? type = null) => Operators.cumsum.Call(this, dim, type);

        public Tensor cumprod(long dim, ScalarType? type = null) => Operators.cumprod.Call(this, dim, type);

        public Tensor logsumexp(long dim, bool keepdim = false) => Operators.logsumexp.Call(this, new[] { dim }, keepdim);

        public Tensor median() => Operators.median.Call(this);

        public Tensor quantile(Tensor q, long dim = -1, bool keepdim = false) => Operators.quantile.Call(this, q, dim, keepdim);

        public Tensor count_nonzero(long[]? dims = null) =>
            dims is null ? Operators.count_nonzero.Call(this) : Operators.count_nonzero_dim_IntList.Call(this, dims);

        public Tensor norm(float p = 2) => Operators.norm_Scalar.Call(this, (double)p);

        public Tensor norm(int dim, bool keepdim = false, float p = 2) => Operators.norm_ScalarOpt_dim.Call(this, (double)p, new long[] { dim }, keepdim);

        public Tensor bincount(Tensor? weights, long minlength = 0) => Operators.bincount.Call(this, weights, minlength);

        /// <summary>Different values; on request where each element went, and how often each occurs.</summary>
        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique(
            bool sorted = true, bool return_inverse = false, bool return_counts = false, int? dim = null)
        {
            var (output, inverse, counts) = dim is { } one
                ? Operators.unique_dim.CallTriple(this, one, sorted, return_inverse, return_counts)
                : Operators._unique2.CallTriple(this, sorted, return_inverse, return_counts);
            return (output, Wanted(inverse, return_inverse), Wanted(counts, return_counts));
        }

        private static Tensor? Wanted(Tensor tensor, bool wanted)
        {
            if (wanted)
            {
                return tensor;
            }

            tensor.Dispose();
            return null;
        }

        private static Tensor Converted(Tensor tensor, ScalarType? type)
        {
            if (type is not { } wanted || wanted == tensor.dtype)
            {
                return tensor;
            }

            using (tensor)
            {
                return tensor.to(wanted);
            }
        }
    }
}
