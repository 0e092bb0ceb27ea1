using static TorchSharp.torch;

namespace Pipeline.Segmentation.Llama;

/// <summary>Rotary position embedding, half-split convention, at positions given explicitly.</summary>
/// <remarks>transformers 4.31 modeling_llama.py, LlamaRotaryEmbedding; angles in float32, tables cast to the activations' type.</remarks>
public sealed class RotaryEmbedding : IDisposable
{
    private readonly Tensor frequencies;
    private readonly ScalarType dtype;

    public RotaryEmbedding(int headSize, double theta, Device device, ScalarType dtype)
    {
        var values = new float[headSize / 2];
        for (var i = 0; i < values.Length; i++) values[i] = (float)Math.Pow(theta, -2.0 * i / headSize);
        frequencies = tensor(values, device: device).DetachFromDisposeScope();
        this.dtype = dtype;
    }

    /// <param name="positions">(B, n), or (1, n) for rows that share their positions; int64.</param>
    public Rotation At(Tensor positions)
    {
        using var scope = NewDisposeScope();
        var angles = positions.to(ScalarType.Float32).unsqueeze(1).unsqueeze(-1) * frequencies;
        var (cos, sin) = (angles.cos(), angles.sin());
        return new Rotation(
            cat([cos, cos], -1).to(dtype).MoveToOuterDisposeScope(),
            cat([-sin, sin], -1).to(dtype).MoveToOuterDisposeScope());
    }

    public void Dispose() => frequencies.Dispose();
}
