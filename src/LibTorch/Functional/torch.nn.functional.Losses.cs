using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <param name="input">(N, C, ...) logits.</param>
            /// <param name="target">(N, ...) Int64 classes, or probabilities of the input's shape.</param>
            /// <param name="weight">(C).</param>
            /// <param name="ignore_index">A class that counts for nothing.</param>
            /// <param name="reduction">How the elements' losses become one.</param>
            /// <param name="label_smoothing">Share of the target that is spread over all classes.</param>
            public static Tensor cross_entropy(
                Tensor input,
                Tensor target,
                Tensor? weight = null,
                long ignore_index = -100,
                Reduction reduction = Reduction.Mean,
                double label_smoothing = 0)
                => Operators.cross_entropy_loss.Call(input, target, weight, (long)reduction, ignore_index, label_smoothing);

            public static Tensor binary_cross_entropy_with_logits(
                Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean, Tensor? pos_weights = null)
                => Operators.binary_cross_entropy_with_logits.Call(input, target, weight, pos_weights, (long)reduction);

            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Operators.mse_loss.Call(input, target, (long)reduction);

            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Operators.l1_loss.Call(input, target, (long)reduction);
        }
    }
}
