using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Layers as functions of their input and weights.</summary>
        public static partial class functional
        {
            /// <summary>input @ weights^T + bias.</summary>
            /// <param name="input">(..., in).</param>
            /// <param name="weights">(out, in).</param>
            /// <param name="bias">(out).</param>
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) => Operators.linear.Call(input, weights, bias);

            /// <summary>Mean 0 and variance 1 over the last dimensions, then scaled and shifted.</summary>
            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05) =>
                Operators.layer_norm.Call(input, normalized_shape, weight, bias, eps);

            public static Tensor group_norm(Tensor input, long num_groups, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05) =>
                Operators.group_norm.Call(input, num_groups, weight, bias, eps);

            /// <param name="input">(B, in, H, W).</param>
            /// <param name="weight">(out, in / groups, kH, kW).</param>
            /// <param name="bias">(out).</param>
            /// <param name="strides">One number, or one for each of H and W; 1 if not given.</param>
            /// <param name="padding">Zeros on both sides; 0 if not given.</param>
            /// <param name="dilation">Distance between the kernel's elements; 1 if not given.</param>
            /// <param name="groups">Groups of channels that do not see each other.</param>
            public static Tensor conv2d(
                Tensor input,
                Tensor weight,
                Tensor? bias = null,
                long[]? strides = null,
                long[]? padding = null,
                long[]? dilation = null,
                long groups = 1)
                => Operators.conv2d.Call(input, weight, bias, strides ?? [1, 1], padding ?? [0, 0], dilation ?? [1, 1], groups);

            /// <param name="input">(B, in, H, W).</param>
            /// <param name="weight">(in, out / groups, kH, kW).</param>
            /// <param name="bias">(out).</param>
            /// <param name="strides">1 if not given.</param>
            /// <param name="padding">0 if not given.</param>
            /// <param name="output_padding">0 if not given.</param>
            /// <param name="dilation">1 if not given.</param>
            /// <param name="groups">Groups of channels that do not see each other.</param>
            public static Tensor conv_transpose2d(
                Tensor input,
                Tensor weight,
                Tensor? bias = null,
                long[]? strides = null,
                long[]? padding = null,
                long[]? output_padding = null,
                long[]? dilation = null,
                long groups = 1)
                => Operators.conv_transpose2d_input.Call(
                    input, weight, bias, strides ?? [1, 1], padding ?? [0, 0], output_padding ?? [0, 0], groups, dilation ?? [1, 1]);

            /// <summary>Sets elements to zero with probability <paramref name="p"/> and scales the others up; nothing unless training.</summary>
            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                inplace ? Operators.dropout_.Update(input, p, training) : Operators.dropout.Call(input, p, training);

            /// <summary>Divided by its p-norm over <paramref name="dim"/>, which counts as at least <paramref name="eps"/>.</summary>
            public static Tensor normalize(Tensor input, double p = 2, long dim = 1, double eps = 1e-12)
            {
                using var length = Operators.norm_ScalarOpt_dim.Call(input, p, new[] { dim }, true);
                using var divisor = length.clamp_min(eps);
                return input / divisor;
            }

            public static Tensor cosine_similarity(Tensor x1, Tensor x2, long dim = 1, double eps = 1e-08) =>
                Operators.cosine_similarity.Call(x1, x2, dim, eps);

            /// <returns>Int64 (..., num_classes).</returns>
            public static Tensor one_hot(Tensor x, long num_classes = -1) => Operators.one_hot.Call(x, num_classes);

            public static Tensor max_pool2d(
                Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false)
                => Operators.max_pool2d.Call(input, kernel_size, strides ?? [], padding ?? [0, 0], dilation ?? [1, 1], ceil_mode);

            public static Tensor adaptive_avg_pool2d(Tensor input, long[] output_size) => Operators.adaptive_avg_pool2d.Call(input, output_size);
        }
    }
}
