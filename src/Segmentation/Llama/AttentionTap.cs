using static TorchSharp.torch;

namespace Pipeline.Segmentation.Llama;

/// <summary>Sees a layer's rotated queries and all its keys while the layer runs. The tensors end with the layer.</summary>
/// <param name="query">(B, heads, n, head size).</param>
/// <param name="key">(B, key heads, m, head size), cached ones included.</param>
public delegate void AttentionTap(Tensor query, Tensor key);
