using Pipeline.Segmentation.Lisa;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Model;

/// <summary>What training starts from: small random matrices, so that residual streams begin as their inputs, and positions that can be told apart.</summary>
internal static class InitialWeights
{
    private static readonly string[] ResidualOutputs = ["out_proj.weight", "fc2.weight", "o_proj.weight", "down_proj.weight", "attn.proj.weight", "mlp.lin2.weight"];

    /// <summary>Fills <paramref name="to"/> with tensors of the names and shapes that <paramref name="shapes"/> has.</summary>
    public static void Draw(RandomTensors shapes, RandomTensors to)
    {
        foreach (var (name, like) in shapes.Tensors)
            to.Add(name, Deviation(name, like), name.Contains("norm", StringComparison.Ordinal) && name.EndsWith(".weight", StringComparison.Ordinal) || IsNeckNorm(name) ? 1 : 0, like.shape);
        foreach (var name in to.Tensors.Keys.Where(name => name.EndsWith("position_embedding.weight", StringComparison.Ordinal) || name.EndsWith("pos_embed", StringComparison.Ordinal)))
            WritePositions(to.Tensors[name]);
    }

    private static double Deviation(string name, Tensor like)
    {
        if (name.EndsWith(".bias", StringComparison.Ordinal) || name.Contains("norm", StringComparison.Ordinal) || name.Contains("rel_pos", StringComparison.Ordinal) || IsNeckNorm(name))
            return 0;
        if (name.EndsWith("gaussian_matrix", StringComparison.Ordinal))
            return 1;
        if (name.Contains("embed", StringComparison.Ordinal) && !name.Contains("patch_embed", StringComparison.Ordinal) || name.Contains("_token", StringComparison.Ordinal) && like.dim() == 2 && like.shape[0] <= 4)
            return 0.5;
        var fanIn = name.Contains("output_upscaling", StringComparison.Ordinal) ? like.shape[0] : like.numel() / like.shape[0];
        return (Array.Exists(ResidualOutputs, end => name.EndsWith(end, StringComparison.Ordinal)) ? 0.2 : 0.8) / Math.Sqrt(fanIn);
    }

    /// <summary>Norms that upstream numbers instead of naming them.</summary>
    private static bool IsNeckNorm(string name) =>
        Array.Exists(["neck.1.weight", "neck.3.weight", "output_upscaling.1.weight", "mask_downscaling.1.weight", "mask_downscaling.4.weight"], end => name.EndsWith(end, StringComparison.Ordinal));

    /// <summary>Sines and cosines of both coordinates, strong enough that a patch knows where it is.</summary>
    private static void WritePositions(Tensor positions)
    {
        const double Amplitude = 0.7;
        using var scope = NewDisposeScope();
        var width = (int)positions.shape[^1];
        var all = positions.view(-1, width);
        var grid = (int)Math.Sqrt(all.shape[0]);
        var first = all.shape[0] - (grid * grid);
        var values = new float[grid * grid * width];
        var quarter = width / 4;
        for (var cell = 0; cell < grid * grid; cell++)
        {
            for (var i = 0; i < quarter; i++)
            {
                var frequency = Math.Pow(grid / 2.0, 1 - ((double)i / quarter)) * Math.PI / grid;
                var (x, y) = (((cell % grid) + 0.5) * frequency, ((cell / grid) + 0.5) * frequency);
                var at = (cell * width) + (4 * i);
                (values[at], values[at + 1], values[at + 2], values[at + 3]) =
                    ((float)(Amplitude * Math.Sin(x)), (float)(Amplitude * Math.Cos(x)), (float)(Amplitude * Math.Sin(y)), (float)(Amplitude * Math.Cos(y)));
            }
        }

        var target = all.narrow(0, first, grid * grid);
        target.copy_(tensor(values, [grid * grid, width]));
    }
}
