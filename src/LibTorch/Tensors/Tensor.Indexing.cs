using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Python's indexing: places, slices, new dimensions, ellipsis, tensors of places and masks.</summary>
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => Assign(indices, value);
        }

        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        public Tensor this[params long[] indices]
        {
            get => At(indices);
            set => Assign(Places(indices), value);
        }

        public Tensor this[long i1]
        {
            get => Operators.select_int.Call(this, 0, i1);
            set => Assign(Places([i1]), value);
        }

        public Tensor this[long i1, long i2]
        {
            get => At([i1, i2]);
            set => Assign(Places([i1, i2]), value);
        }

        public Tensor this[long i1, long i2, long i3]
        {
            get => At([i1, i2, i3]);
            set => Assign(Places([i1, i2, i3]), value);
        }

        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => At([i1, i2, i3, i4]);
            set => Assign(Places([i1, i2, i3, i4]), value);
        }

        public Tensor this[long i1, long i2, long i3, long i4, long i5]
        {
            get => At([i1, i2, i3, i4, i5]);
            set => Assign(Places([i1, i2, i3, i4, i5]), value);
        }

        public Tensor this[long i1, long i2, long i3, long i4, long i5, long i6]
        {
            get => At([i1, i2, i3, i4, i5, i6]);
            set => Assign(Places([i1, i2, i3, i4, i5, i6]), value);
        }

        public Tensor index(params TensorIndex[] indices)
        {
            var (view, selections) = Narrowed(indices);
            if (selections is null)
            {
                return view;
            }

            try
            {
                return view.index(selections);
            }
            finally
            {
                view.Dispose();
            }
        }

        /// <param name="indices">Tensors of places or masks, one per dimension; null leaves a dimension alone.</param>
        public Tensor index(params Tensor?[] indices) => Operators.index_Tensor.Call(this, Argument.Optional(indices));

        public Tensor index_put_(Tensor value, params Tensor?[] indices) => index_put_(value, indices, false);

        /// <param name="value">Broadcast over the places.</param>
        /// <param name="indices">As for <see cref="index(Tensor[])"/>.</param>
        /// <param name="accumulate">Add to what is there; places named twice then count twice.</param>
        public Tensor index_put_(Tensor value, Tensor?[] indices, bool accumulate = false) =>
            Operators.index_put_.Update(this, Argument.Optional(indices), value, accumulate);

        public Tensor index_put_(Scalar value, params Tensor?[] indices)
        {
            using var number = full([], value, dtype, device);
            return index_put_(number, indices, false);
        }

        public Tensor index_put_(Tensor value, params TensorIndex[] indices)
        {
            Assign(indices, value);
            return this;
        }

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using var number = full([], value, dtype, device);
            Assign(indices, number);
            return this;
        }

        private static TensorIndex[] Places(ReadOnlySpan<long> indices)
        {
            var places = new TensorIndex[indices.Length];
            for (var i = 0; i < places.Length; i++)
            {
                places[i] = indices[i];
            }

            return places;
        }

        private Tensor At(ReadOnlySpan<long> indices)
        {
            var found = this;
            foreach (var index in indices)
            {
                found = Step(found, Operators.select_int.Call(found, 0, index));
            }

            return ReferenceEquals(found, this) ? alias() : found;
        }

        private void Assign(TensorIndex[] indices, Tensor value)
        {
            var (view, selections) = Narrowed(indices);
            using (view)
            {
                using var fitting = value.to(dtype, device);
                if (selections is not null)
                {
                    view.index_put_(fitting, selections, false);
                }
                else if (fitting.ndim > view.ndim)
                {
                    using var squeezed = fitting.reshape(fitting.shape[(int)(fitting.ndim - view.ndim)..]);
                    view.copy_(squeezed);
                }
                else
                {
                    view.copy_(fitting);
                }
            }
        }

        /// <summary>Everything but tensors is a view; what is left for <c>aten::index</c> comes beside it, or null.</summary>
        private (Tensor View, Tensor?[]? Selections) Narrowed(TensorIndex[] indices)
        {
            var consumed = indices.Sum(Consumes);
            if (consumed > ndim)
            {
                throw new ArgumentException($"{consumed} dimensions are indexed, but the tensor has {ndim}: {Summary()}", nameof(indices));
            }

            var view = this;
            var selections = new List<Tensor?>();
            long dimension = 0;
            foreach (var index in indices)
            {
                switch (index.Kind)
                {
                    case TensorIndex.IndexKind.Single:
                        view = Step(view, Operators.select_int.Call(view, dimension, index.Start));
                        continue;
                    case TensorIndex.IndexKind.Slice:
                        if (index.Start is not null || index.Stop is not null || index.Step is not null)
                        {
                            view = Step(view, Operators.slice_Tensor.Call(view, dimension, index.Start, index.Stop, index.Step ?? 1));
                        }

                        selections.Add(null);
                        dimension++;
                        continue;
                    case TensorIndex.IndexKind.Ellipsis:
                        var skipped = ndim - consumed;
                        selections.AddRange(Enumerable.Repeat<Tensor?>(null, (int)skipped));
                        dimension += skipped;
                        continue;
                    case TensorIndex.IndexKind.NewDimension:
                        view = Step(view, Operators.unsqueeze.Call(view, dimension));
                        selections.Add(null);
                        dimension++;
                        continue;
                    case TensorIndex.IndexKind.Boolean:
                        view = Step(view, Operators.unsqueeze.Call(view, dimension));
                        selections.Add(tensor(new[] { index.Start == 1 }, device: device));
                        dimension++;
                        continue;
                    default:
                        selections.Add(index.Selection);
                        dimension += Consumes(index);
                        continue;
                }
            }

            return (ReferenceEquals(view, this) ? alias() : view, selections.Exists(one => one is not null) ? [.. selections] : null);
        }

        private static int Consumes(TensorIndex index) => index.Kind switch
        {
            TensorIndex.IndexKind.Single or TensorIndex.IndexKind.Slice => 1,
            TensorIndex.IndexKind.Tensor => index.Selection!.dtype is ScalarType.Bool ? (int)index.Selection.ndim : 1,
            _ => 0,
        };

        private Tensor Step(Tensor before, Tensor after)
        {
            if (!ReferenceEquals(before, this))
            {
                before.Dispose();
            }

            return after;
        }
    }
}
