using Pipeline.TrainDemo.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Tests.Optimization;

public sealed class NewtonSchulzTests : IDisposable
{
    private readonly Generator random = new(31);

    public void Dispose() => random.Dispose();

    [Theory]
    [InlineData(48, 48)]
    [InlineData(86, 32)]
    [InlineData(32, 86)]
    public void Singular_values_come_near_one(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        var matrices = 1e-3 * ((20 * eye(rows, columns)) + randn([3, rows, columns], generator: random));

        var orthogonal = NewtonSchulz.Orthogonalize(matrices);

        orthogonal.shape.ShouldBe([3, rows, columns]);
        var values = linalg.svdvals(orthogonal);
        values.min().ToSingle().ShouldBeGreaterThan(0.65f);
        values.max().ToSingle().ShouldBeLessThan(1.25f);
    }

    [Fact]
    public void Singular_vectors_stay()
    {
        using var scope = NewDisposeScope();
        var matrix = randn([1, 40, 12], generator: random);

        // U p(S) V' times V S U' is symmetric and positive.
        var product = NewtonSchulz.Orthogonalize(matrix).mT.bmm(matrix)[0];

        (product - product.mT).abs().max().ToSingle().ShouldBeLessThan(1e-4f);
        product.diagonal().min().ToSingle().ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Every_matrix_of_a_batch_is_made_orthogonal_for_itself()
    {
        using var scope = NewDisposeScope();
        var matrices = randn([3, 20, 24], generator: random) * tensor([1f, 100f, 0.01f]).view(3, 1, 1);

        var together = NewtonSchulz.Orthogonalize(matrices);

        for (var i = 0; i < 3; i++)
        {
            var alone = NewtonSchulz.Orthogonalize(matrices.narrow(0, i, 1));
            (together.narrow(0, i, 1) - alone).abs().max().ToSingle().ShouldBeLessThan(1e-5f);
        }
    }

    [Fact]
    public void Zero_stays_zero()
    {
        using var scope = NewDisposeScope();
        NewtonSchulz.Orthogonalize(zeros(1, 4, 6)).abs().max().ToSingle().ShouldBe(0);
    }
}
