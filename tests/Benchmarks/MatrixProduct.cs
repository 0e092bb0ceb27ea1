using static TorchSharp.torch;

namespace Pipeline.Benchmarks;

/// <summary>How fast the machine's libraries multiply, to tell their speed from ours.</summary>
public sealed class MatrixProduct : IBenchmark
{
    private const int Size = 1024;

    public string Description => $"{Size} x {Size} matrices, as many threads as libtorch takes";

    public void Run(BenchmarkSession session)
    {
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        foreach (var type in new[] { float32, bfloat16 })
        {
            var matrix = rand(Size, Size).to(type);
            session.Measure($"{type}", () => matrix.matmul(matrix).Dispose());
            session.Record($"{type}", "GFLOP/s", 2e-6 * Size * Size * Size / Milliseconds(session.Rows[^1]));
        }
    }

    private static double Milliseconds(BenchmarkRow row) => row.Unit == "us" ? row.Median / 1000 : row.Median;
}
