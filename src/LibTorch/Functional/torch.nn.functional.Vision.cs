using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>Resizes the dimensions after the first two, (B, C, ...).</summary>
            /// <param name="x">1, 2 or 3 dimensions beside batch and channels, as the mode wants.</param>
            /// <param name="size">New sizes; either these or scales.</param>
            /// <param name="scale_factor">One factor, or one per dimension.</param>
            /// <param name="mode">Linear for 1, Bilinear and Bicubic for 2, Trilinear for 3, the others for any number.</param>
            /// <param name="align_corners">Whether the corners' centres meet, rather than the corners; false if not given.</param>
            /// <param name="recompute_scale_factor">Use the quotient of the sizes instead of the given factors.</param>
            /// <param name="antialias">For Bilinear and Bicubic: widen the kernel on the way down.</param>
            public static Tensor interpolate(
                Tensor x,
                long[]? size = null,
                double[]? scale_factor = null,
                InterpolationMode mode = InterpolationMode.Nearest,
                bool? align_corners = null,
                bool recompute_scale_factor = false,
                bool antialias = false)
            {
                var dimensions = (int)x.ndim - 2;
                if ((size is null) == (scale_factor is null))
                {
                    throw new ArgumentException("give either the size or the scale factor");
                }

                if (align_corners is not null && mode is InterpolationMode.Nearest or InterpolationMode.NearestExact or InterpolationMode.Area && align_corners is not null)
                {
                    throw new ArgumentException($"{mode} knows no corners to align", nameof(align_corners));
                }

                var scales = scale_factor is null ? null : Spread(scale_factor, dimensions);
                var sizes = size is null ? null : Spread(size, dimensions);
                if (scales is not null && (recompute_scale_factor || mode == InterpolationMode.Area))
                {
                    sizes = [.. scales.Select((scale, dimension) => (long)Math.Floor(x.size(dimension + 2) * scale))];
                    scales = null;
                }

                return Resized(x, sizes, scales, mode, align_corners ?? false, antialias);
            }

            /// <param name="input">(B, C, H, W).</param>
            /// <param name="grid">(B, h, w, 2): x and y of the place to read, -1 to 1.</param>
            /// <param name="mode">How places between elements are read.</param>
            /// <param name="padding_mode">What lies outside.</param>
            /// <param name="align_corners">Whether -1 and 1 are the centres of the outer elements, rather than their edges; false if not given.</param>
            /// <returns>(B, C, h, w).</returns>
            public static Tensor grid_sample(
                Tensor input,
                Tensor grid,
                GridSampleMode mode = GridSampleMode.Bilinear,
                GridSamplePaddingMode padding_mode = GridSamplePaddingMode.Zeros,
                bool? align_corners = null)
            {
                var border = padding_mode switch
                {
                    GridSamplePaddingMode.Zeros => 0L,
                    GridSamplePaddingMode.Border => 1L,
                    _ => 2L,
                };
                return Operators.grid_sampler.Call(input, grid, mode == GridSampleMode.Bilinear ? 0L : 1L, border, align_corners ?? false);
            }

            /// <summary>Puts something round the last dimensions.</summary>
            /// <param name="input">Any shape.</param>
            /// <param name="pad">Before and after the last dimension, then the one before it, and so on; negative cuts off.</param>
            /// <param name="mode">What to put there.</param>
            /// <param name="value">For <see cref="PaddingModes.Constant"/>.</param>
            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) => mode switch
            {
                PaddingModes.Constant => Operators.pad.Call(input, pad, "constant", value),
                PaddingModes.Zeros => Operators.pad.Call(input, pad, "constant", 0d),
                PaddingModes.Reflect => Operators.pad.Call(input, pad, "reflect"),
                PaddingModes.Replicate => Operators.pad.Call(input, pad, "replicate"),
                PaddingModes.Circular => Operators.pad.Call(input, pad, "circular"),
                _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "unknown padding"),
            };

            public static Tensor pad(Tensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, pad.ToArray(), mode, value);

            public static Tensor pad(Tensor input, (long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, [pad.Item1, pad.Item2], mode, value);

            public static Tensor pad(Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, [pad.Item1, pad.Item2, pad.Item3, pad.Item4], mode, value);

            private static Tensor Resized(Tensor x, long[]? sizes, double[]? scales, InterpolationMode mode, bool corners, bool antialias) =>
                (mode, x.ndim) switch
                {
                    (InterpolationMode.Nearest, 3) => Operators.upsample_nearest1d_vec.Call(x, sizes, scales),
                    (InterpolationMode.Nearest, 4) => Operators.upsample_nearest2d_vec.Call(x, sizes, scales),
                    (InterpolationMode.NearestExact, 4) => Operators._upsample_nearest_exact2d_vec.Call(x, sizes, scales),
                    (InterpolationMode.Linear, 3) => Operators.upsample_linear1d_vec.Call(x, sizes, corners, scales),
                    (InterpolationMode.Bilinear, 4) when antialias => Operators._upsample_bilinear2d_aa_vec.Call(x, sizes, corners, scales),
                    (InterpolationMode.Bilinear, 4) => Operators.upsample_bilinear2d_vec.Call(x, sizes, corners, scales),
                    (InterpolationMode.Bicubic, 4) when antialias => Operators._upsample_bicubic2d_aa_vec.Call(x, sizes, corners, scales),
                    (InterpolationMode.Bicubic, 4) => Operators.upsample_bicubic2d_vec.Call(x, sizes, corners, scales),
                    (InterpolationMode.Area, 4) => Operators.adaptive_avg_pool2d.Call(x, sizes),
                    _ => throw new ArgumentException($"{mode} does not work on {x.ndim} dimensions: {x.Summary()}", nameof(mode)),
                };

            private static T[] Spread<T>(T[] values, int dimensions) => values.Length == dimensions
                ? values
                : values.Length == 1
                    ? [.. Enumerable.Repeat(values[0], dimensions)]
                    : throw new ArgumentException($"{values.Length} numbers given for {dimensions} dimensions");
        }
    }
}
