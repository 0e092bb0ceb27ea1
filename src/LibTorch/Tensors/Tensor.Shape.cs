using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The same elements in another shape, without a copy; one size may be -1.</summary>
        public Tensor view(params long[] shape) => Operators.view.Call(this, shape);

        public Tensor view_as(Tensor other) => Operators.view.Call(this, other.shape);

        /// <summary>As <see cref="view"/>, with a copy where strides demand one.</summary>
        public Tensor reshape(params long[] shape) => Operators.reshape.Call(this, shape);

        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Operators.flatten_using_ints.Call(this, start_dim, end_dim);

        public Tensor unflatten(long dim, params long[] sizes)
        {
            var before = shape;
            var position = (int)(dim < 0 ? dim + before.Length : dim);
            return reshape([.. before[..position], .. sizes, .. before[(position + 1)..]]);
        }

        public Tensor permute(params long[] permutation) => Operators.permute.Call(this, permutation);

        public Tensor permute(IEnumerable<long> permutation) => permute([.. permutation]);

        public Tensor transpose(long dim0, long dim1) => Operators.transpose_int.Call(this, dim0, dim1);

        public Tensor transpose_(long dim0, long dim1) => Operators.transpose_.Update(this, dim0, dim1);

        public Tensor swapaxes(long dim0, long dim1) => transpose(dim0, dim1);

        public Tensor swapdims(long dim0, long dim1) => transpose(dim0, dim1);

        /// <summary>The transpose of a matrix.</summary>
        public Tensor t() => Operators.t.Call(this);

        /// <summary>The last two dimensions swapped.</summary>
        public Tensor mT => transpose(-2, -1);

        public Tensor movedim(long[] source, long[] destination) => Operators.movedim_intlist.Call(this, source, destination);

        public Tensor unsqueeze(long dim) => Operators.unsqueeze.Call(this, dim);

        public Tensor unsqueeze_(long dim) => Operators.unsqueeze_.Update(this, dim);

        /// <summary>Without one dimension, or all dimensions, of size 1.</summary>
        public Tensor squeeze(long? dim = null) => dim is { } one ? Operators.squeeze_dim.Call(this, one) : Operators.squeeze.Call(this);

        public Tensor squeeze_(long? dim = null) => dim is { } one ? Operators.squeeze__dim.Update(this, one) : Operators.squeeze_.Update(this);

        /// <summary>Repeats dimensions of size 1 without a copy; -1 keeps a size.</summary>
        public Tensor expand(params long[] sizes) => Operators.expand.Call(this, sizes);

        public Tensor expand(long[] sizes, bool isImplicit = false) => Operators.expand.Call(this, sizes, isImplicit);

        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) => Operators.expand.Call(this, sizes.ToArray(), isImplicit);

        public Tensor expand_as(Tensor other) => expand(other.shape);

        public Tensor broadcast_to(params long[] shape) => Operators.expand.Call(this, shape);

        /// <summary>Copies of the whole tensor beside each other, as many per dimension as given.</summary>
        public Tensor repeat(params long[] sizes) => Operators.repeat.Call(this, sizes);

        public Tensor tile(long[] reps) => Operators.tile.Call(this, reps);

        /// <summary>Every element (or slice of <paramref name="dim"/>) that often in a row.</summary>
        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null) =>
            Operators.repeat_interleave_self_int.Call(this, repeats, dim, output_size);

        public Tensor repeat_interleave(Tensor repeats, long? dim = null, long? output_size = null) =>
            Operators.repeat_interleave_self_Tensor.Call(this, repeats, dim, output_size);

        public Tensor roll(long shifts, long? dims = null) => Operators.roll.Call(this, new[] { shifts }, dims is { } one ? new[] { one } : []);

        public Tensor roll(long[] shifts, long[] dims) => Operators.roll.Call(this, shifts, dims);

        public Tensor flip(params long[] dims) => Operators.flip.Call(this, dims);

        public Tensor unfold(long dimension, long size, long step) => Operators.unfold.Call(this, dimension, size, step);

        public Tensor diagonal(long offset = 0, long dim1 = 0, long dim2 = 1) => Operators.diagonal.Call(this, offset, dim1, dim2);

        public Tensor diag(long diagonal = 0) => Operators.diag.Call(this, diagonal);

        /// <summary>The lower triangle; the rest zero.</summary>
        public Tensor tril(long diagonal = 0) => Operators.tril.Call(this, diagonal);

        public Tensor tril_(long diagonal = 0) => Operators.tril_.Update(this, diagonal);

        /// <summary>The upper triangle; the rest zero.</summary>
        public Tensor triu(long diagonal = 0) => Operators.triu.Call(this, diagonal);

        public Tensor triu_(long diagonal = 0) => Operators.triu_.Update(this, diagonal);

        /// <summary>This tensor when its elements lie in order, else a copy that does.</summary>
        public Tensor contiguous() => Operators.contiguous.Call(this);

        public Tensor clone() => Operators.clone.Call(this);

        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0) => Operators.as_strided.Call(this, size, strides, storageOffset);

        public Tensor[] split(long size, int dim = 0) => Operators.split_Tensor.CallList(this, size, dim);

        public Tensor[] split(long[] sizes, long dim = 0) => Operators.split_with_sizes.CallList(this, sizes, dim);

        public Tensor[] split(params long[] sizes) => split(sizes, 0);

        public Tensor[] chunk(long chunks, long dim = 0) => Operators.chunk.CallList(this, chunks, dim);

        public Tensor[] unbind(long dimension = 0) => Operators.unbind_int.CallList(this, dimension);
    }
}
