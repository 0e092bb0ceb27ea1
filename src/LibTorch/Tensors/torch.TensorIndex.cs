namespace TorchSharp;

public static partial class torch
{
    /// <summary>One item between the brackets of <c>tensor[...]</c>, with Python's meaning.</summary>
    public struct TensorIndex
    {
        /// <summary>As many whole dimensions as there are left.</summary>
        public static readonly TensorIndex Ellipsis = new() { Kind = IndexKind.Ellipsis };

        /// <summary>A new dimension of size 1.</summary>
        public static readonly TensorIndex Null = new() { Kind = IndexKind.NewDimension };

        /// <summary>A new dimension of size 1.</summary>
        public static readonly TensorIndex None = Null;

        /// <summary>A whole dimension.</summary>
        public static readonly TensorIndex Colon = Slice();

        internal enum IndexKind
        {
            Slice,
            Single,
            Ellipsis,
            NewDimension,
            Boolean,
            Tensor,
        }

        internal IndexKind Kind { get; private init; }

        internal long? Start { get; private init; }

        internal long? Stop { get; private init; }

        internal long? Step { get; private init; }

        internal Tensor? Selection { get; private init; }

        public static implicit operator TensorIndex(long value) => Single(value);

        public static implicit operator TensorIndex(Index index) => Single(FromEnd(index));

        public static implicit operator TensorIndex(Range range) => Slice(range);

        public static implicit operator TensorIndex((int? start, int? stop) range) => Slice(range);

        /// <summary>A new dimension that is kept or emptied.</summary>
        public static TensorIndex Bool(bool value) => new() { Kind = IndexKind.Boolean, Start = value ? 1 : 0 };

        /// <summary>One place; the dimension goes away. Negative counts from the end.</summary>
        public static TensorIndex Single(long? index) => new() { Kind = IndexKind.Single, Start = index ?? 0 };

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) =>
            new() { Kind = IndexKind.Slice, Start = start, Stop = stop, Step = step };

        public static TensorIndex Slice((int? start, int? stop) range) => Slice(range.start, range.stop);

        public static TensorIndex Slice(Range range) =>
            Slice(FromEnd(range.Start), range.End is { IsFromEnd: true, Value: 0 } ? null : FromEnd(range.End));

        /// <summary>Places to take (integers), or a mask over as many dimensions as it has (booleans).</summary>
        public static TensorIndex Tensor(Tensor tensor) => new() { Kind = IndexKind.Tensor, Selection = tensor };

        private static long FromEnd(Index index) => index.IsFromEnd ? -index.Value : index.Value;
    }
}
