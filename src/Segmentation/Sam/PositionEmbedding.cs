using Pipeline.Segmentation.Checkpoints;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Sam;

/// <summary>Random Fourier features of image positions.</summary>
/// <remarks>segment_anything/modeling/prompt_encoder.py, PositionEmbeddingRandom. The matrix is drawn once and lies in the checkpoint.</remarks>
internal sealed class PositionEmbedding(Weights weights)
{
    private readonly Tensor matrix = weights.Get("positional_encoding_gaussian_matrix", 2, -1);

    /// <param name="coordinates">(..., 2): x and y as shares of the image, 0 to 1.</param>
    /// <returns>(..., C).</returns>
    public Tensor Encode(Tensor coordinates)
    {
        using var scope = NewDisposeScope();
        var angles = ((2 * coordinates) - 1).to(matrix.dtype).matmul(matrix) * (2 * Math.PI);
        return cat([angles.sin(), angles.cos()], -1).MoveToOuterDisposeScope();
    }

    /// <returns>The centres of a grid's cells, (1, C, size, size).</returns>
    public Tensor Grid(int size)
    {
        using var scope = NewDisposeScope();
        var centres = (arange(size, dtype: ScalarType.Float32, device: matrix.device) + 0.5) / size;
        var coordinates = stack([centres.unsqueeze(0).expand(size, size), centres.unsqueeze(1).expand(size, size)], -1);
        return Encode(coordinates).permute(2, 0, 1).unsqueeze(0).contiguous().MoveToOuterDisposeScope();
    }
}
