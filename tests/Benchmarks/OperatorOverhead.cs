using static TorchSharp.torch;

namespace Pipeline.Benchmarks;

/// <summary>What a call costs from C# when the operator itself has nothing to do.</summary>
public sealed class OperatorOverhead : IBenchmark
{
    public string Description => "one thread, tiny tensors, no_grad; each call makes its result and disposes of it";

    public void Run(BenchmarkSession session)
    {
        var threads = get_num_threads();
        set_num_threads(1);
        using (no_grad())
        using (NewDisposeScope())
        {
            Measure(session);
        }

        set_num_threads(threads);
    }

    private static void Measure(BenchmarkSession session)
    {
        var x = ones(4);
        var y = ones(4);
        var matrix = ones(1, 1);
        var picture = ones(1, 3, 2, 2);
        long[] shape = [2, 2];
        session.Measure("x + y", () => (x + y).Dispose());
        session.Measure("x + 1", () => (x + 1).Dispose());
        session.Measure("x * y", () => (x * y).Dispose());
        session.Measure("x.add_(y)", () => x.add_(y));
        session.Measure("view(2, 2)", () => x.view(shape).Dispose());
        session.Measure("transpose", () => matrix.transpose(0, 1).Dispose());
        session.Measure("select: x[1]", () => x[1].Dispose());
        session.Measure("slices: x[.., 1..]", () => picture[.., 1..].Dispose());
        session.Measure("matmul 1x1", () => matrix.matmul(matrix).Dispose());
        session.Measure("linear 1x1", () => nn.functional.linear(matrix, matrix).Dispose());
        session.Measure("softmax", () => x.softmax(0).Dispose());
        session.Measure("cat of two", () => cat([x, y]).Dispose());
        session.Measure("zeros(4)", () => zeros(4).Dispose());
        session.Measure("shape", () => _ = picture.shape);
        session.Measure("item", () => _ = matrix.item<float>());
        session.Measure("x + y in a scope of its own", () =>
        {
            using var scope = NewDisposeScope();
            _ = x + y;
        });
    }
}
