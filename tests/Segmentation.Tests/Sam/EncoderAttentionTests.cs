using Pipeline.Segmentation.Checkpoints;
using Pipeline.Segmentation.Sam;
using Pipeline.Segmentation.Tests.Checkpoints;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Sam;

public sealed class EncoderAttentionTests
{
    // 3 x 2 heads of 40 x 30 patches: more scores than are computed at a time, so heads and rows are split and the last part is smaller.
    private const int Heads = 2;
    private const int Width = 8;
    private const int Rows = 40;
    private const int Columns = 30;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Scores_computed_in_parts_give_what_all_at_once_give(bool recorded)
    {
        using var recording = set_grad_enabled(recorded);
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var generator = new Generator(11, CPU);
        var tensors = new Dictionary<string, Tensor>
        {
            ["qkv.weight"] = Random(3 * Width, Width),
            ["qkv.bias"] = Random(3 * Width),
            ["proj.weight"] = eye(Width, dtype: ScalarType.Float64),
            ["proj.bias"] = zeros(Width, ScalarType.Float64),
            ["rel_pos_h"] = Random((2 * Rows) - 1, Width / Heads),
            ["rel_pos_w"] = Random((2 * Columns) - 1, Width / Heads),
        };
        SafetensorsWriter.Write(folder.File("model.safetensors"), tensors);
        using var checkpoint = Checkpoint.Open(folder.Path, CPU, ScalarType.Float64);
        var x = Random(3, Rows, Columns, Width);

        var actual = new EncoderAttention(checkpoint.Weights, Heads).Forward(x);

        (actual - AllAtOnce(x, tensors)).abs().max().item<double>().ShouldBeLessThan(1e-12);

        Tensor Random(params long[] shape) => randn(shape, ScalarType.Float64, generator: generator);
    }

    private static Tensor AllAtOnce(Tensor x, Dictionary<string, Tensor> weights)
    {
        const int Head = Width / Heads;
        var qkv = (x.matmul(weights["qkv.weight"].t()) + weights["qkv.bias"]).view(3, Rows * Columns, 3, Heads, Head).permute(2, 0, 3, 1, 4);
        var (q, k, v) = (qkv.select(0, 0), qkv.select(0, 1), qkv.select(0, 2));
        var row = arange(Rows * Columns, ScalarType.Int64).div(Columns, RoundingMode.floor);
        var column = arange(Rows * Columns, ScalarType.Int64) - (row * Columns);
        var byRow = weights["rel_pos_h"].index_select(0, (row.unsqueeze(1) - row.unsqueeze(0) + Rows - 1).flatten()).view(Rows * Columns, Rows * Columns, Head);
        var byColumn = weights["rel_pos_w"].index_select(0, (column.unsqueeze(1) - column.unsqueeze(0) + Columns - 1).flatten()).view(Rows * Columns, Rows * Columns, Head);
        var bias = (byRow + byColumn).unsqueeze(0).unsqueeze(0).matmul(q.unsqueeze(-1)).squeeze(-1);
        var scores = (q.matmul(k.transpose(-2, -1)) / Math.Sqrt(Head)) + bias;
        return scores.softmax(-1).matmul(v).transpose(1, 2).reshape(3, Rows, Columns, Width);
    }
}
