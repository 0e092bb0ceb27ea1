using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>softmax(query @ key^T / sqrt(d) + mask) @ value.</summary>
            /// <param name="query">(..., L, d).</param>
            /// <param name="key">(..., S, d).</param>
            /// <param name="value">(..., S, e).</param>
            /// <param name="attn_mask">Broadcast to (..., L, S): booleans are true where a key is seen, numbers are added.</param>
            /// <param name="p">Probability of dropping a weight.</param>
            /// <param name="is_casual">Row i sees keys 0 to i only (TorchSharp's spelling); not together with a mask.</param>
            /// <returns>(..., L, e).</returns>
            /// <remarks>libtorch's own operator where it has one (2.x), composed from others where not (1.13).</remarks>
            public static Tensor scaled_dot_product_attention(
                Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null, double p = 0, bool is_casual = false)
            {
                if (attn_mask is not null && is_casual)
                {
                    throw new ArgumentException("give a mask or ask for a causal one, not both", nameof(attn_mask));
                }

                return Operators.scaled_dot_product_attention.Exists
                    ? Operators.scaled_dot_product_attention.Call(query, key, value, attn_mask, p, is_casual)
                    : Composed(query, key, value, attn_mask, p, is_casual);
            }

            private static Tensor Composed(Tensor query, Tensor key, Tensor value, Tensor? mask, double p, bool causal)
            {
                using var scope = NewDisposeScope();

                // The scale goes to both factors, as in libtorch, so that half precision does not overflow.
                var scale = Math.Sqrt(1 / Math.Sqrt(query.size(-1)));
                var scores = (query * scale).matmul(key.transpose(-2, -1) * scale);
                if (causal)
                {
                    mask = ones([query.size(-2), key.size(-2)], ScalarType.Bool, query.device).tril();
                }

                if (mask is { dtype: ScalarType.Bool })
                {
                    scores = scores.masked_fill(mask.logical_not(), double.NegativeInfinity);
                }
                else if (mask is not null)
                {
                    scores += mask;
                }

                var weights = scores.softmax(-1);
                return (p > 0 ? dropout(weights, p) : weights).matmul(value).MoveToOuterDisposeScope();
            }
        }
    }
}
