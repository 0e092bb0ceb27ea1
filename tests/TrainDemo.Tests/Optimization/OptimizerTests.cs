using Pipeline.TrainDemo.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Tests.Optimization;

/// <summary>Live tensors are the process's, so that nothing else may make any meanwhile.</summary>
[Collection(nameof(OptimizerTests))]
[CollectionDefinition(nameof(OptimizerTests), DisableParallelization = true)]
public sealed class OptimizerTests
{
    private static readonly LearningRates Rates = new(Muon: 0.02, AdamW: 0.01);

    [Fact]
    public void A_regression_is_learned()
    {
        using var regression = new Regression();
        using var optimizer = new Optimizer(regression.Parameters, ranks: 1);
        var before = regression.Loss(0);

        for (var step = 0; step < 150; step++)
            Step(regression, optimizer, ranks: 1, batchesPerRank: 2);

        regression.Loss(0).ShouldBeLessThan(before / 5);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AdamW_takes_the_steps_of_its_paper(bool decays)
    {
        using var scope = NewDisposeScope();
        float[] initial = [1f, -2f, 0.5f];
        double[] weight = [1, -2, 0.5];
        double[] mean = new double[3], square = new double[3];
        var value = tensor(initial);
        using var optimizer = new Optimizer([new("w", value, UpdateRule.AdamW, RateScale: 0.5, Decay: decays)], ranks: 1, weightDecay: 0.1);

        for (var step = 1; step <= 6; step++)
        {
            float[] gradient = [step, -0.1f * step, step % 2 == 0 ? 3f : -3f];
            optimizer.Step(0, [[tensor(gradient)]], gradientScale: 0.25, new(Muon: 7, AdamW: 0.02));
            for (var i = 0; i < 3; i++)
            {
                var g = 0.25 * gradient[i];
                mean[i] = (0.9 * mean[i]) + (0.1 * g);
                square[i] = (0.95 * square[i]) + (0.05 * g * g);
                weight[i] -= 0.01 * (decays ? 0.1 : 0) * weight[i];
                weight[i] -= 0.01 * mean[i] / (1 - Math.Pow(0.9, step)) / (Math.Sqrt(square[i] / (1 - Math.Pow(0.95, step))) + 1e-8);
            }
        }

        for (var i = 0; i < 3; i++)
            value[i].ToDouble().ShouldBe(weight[i], 2e-6);
    }

    [Fact]
    public void Muon_steps_by_the_orthogonal_momentum_of_every_matrix()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(3);
        var initial = randn([24, 12], generator: random);
        var value = initial.clone();
        var momentum = zeros_like(initial);
        var expected = initial.clone();
        using var optimizer = new Optimizer([new("qkv", value, UpdateRule.Muon, Matrices: 3)], ranks: 1, weightDecay: 0.1);

        for (var step = 0; step < 3; step++)
        {
            var gradient = randn([24, 12], generator: random);
            optimizer.Step(0, [[gradient]], gradientScale: 1, new(Muon: 0.01, AdamW: 7));
            momentum = (0.95 * momentum) + gradient;
            var directions = (gradient + (0.95 * momentum)).chunk(3).Select(part => NewtonSchulz.Orthogonalize(part.unsqueeze(0))[0]).ToArray();
            expected = ((1 - 0.001) * expected) - (0.01 * 0.2 * Math.Sqrt(12) * cat(directions));
        }

        (value - expected).abs().max().ToSingle().ShouldBeLessThan(1e-5f);
    }

    [Fact]
    public void What_has_no_gradient_is_left_alone()
    {
        using var regression = new Regression();
        using var optimizer = new Optimizer(regression.Parameters, ranks: 1);
        var before = regression.Parameters[^1].Value.detach().bytes.ToArray();

        Step(regression, optimizer, ranks: 1, batchesPerRank: 2);

        regression.Parameters[^1].Value.detach().bytes.ToArray().ShouldBe(before);
    }

    [Fact]
    public void Two_ranks_do_what_one_does()
    {
        var one = Trained(ranks: 1, steps: 10);
        var two = Trained(ranks: 2, steps: 10);

        one.Zip(two).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-4f);
    }

    [Fact]
    public void Two_ranks_give_the_same_bits_whoever_comes_first()
    {
        var first = Trained(ranks: 2, steps: 25);
        for (var repetition = 0; repetition < 3; repetition++)
            Trained(ranks: 2, steps: 25).ShouldBe(first);
    }

    [Fact]
    public void Norms_of_the_ranks_add_up_to_that_of_the_mean_gradient()
    {
        using var scope = NewDisposeScope();
        using var regression = new Regression();
        using var optimizer = new Optimizer(regression.Parameters, ranks: 2);
        Tensor?[][] gradients = [regression.Gradients(0), regression.Gradients(1)];

        var norm = optimizer.SquaredNorm(0, gradients, 0.5) + optimizer.SquaredNorm(1, gradients, 0.5);

        var expected = gradients[0].Zip(gradients[1]).Sum(pair => pair.First is null ? 0 : (0.5 * (pair.First + pair.Second!)).square().sum().ToDouble());
        norm.ShouldBe(expected, expected * 1e-5);
    }

    [Fact]
    public void Every_parameter_belongs_to_one_rank_and_the_work_is_even()
    {
        using var scope = NewDisposeScope();
        var parameters = Enumerable.Range(0, 20).Select(i => new TrainableParameter($"{i}", empty(64, 64), UpdateRule.Muon)).ToList();

        var shares = Partition.Over(3, parameters);

        shares.SelectMany(share => share).Order().ShouldBe(Enumerable.Range(0, 20));
        shares.ShouldAllBe(share => share.Count == 6 || share.Count == 7);
    }

    [Fact]
    public void Steps_leave_no_tensor_behind()
    {
        using var regression = new Regression();
        using var optimizer = new Optimizer(regression.Parameters, ranks: 2);
        using var average = new WeightAverage(regression.Parameters, ranks: 2);
        Step(regression, optimizer, ranks: 2, batchesPerRank: 1);
        var before = Tensor.TotalCount;

        for (var step = 0; step < 5; step++)
        {
            Step(regression, optimizer, ranks: 2, batchesPerRank: 1);
            Ranks.Run(2, average.Update);
            average.Swap();
            average.Swap();
        }

        Tensor.TotalCount.ShouldBe(before);
    }

    [Fact]
    public void Muon_refuses_what_is_no_matrix()
    {
        using var bias = zeros(6);
        using var matrix = zeros(7, 3);

        Should.Throw<ArgumentException>(() => new Optimizer([new("norm.bias", bias, UpdateRule.Muon)], 1)).Message.ShouldContain("'norm.bias' of shape (6)");
        Should.Throw<ArgumentException>(() => new Optimizer([new("qkv", matrix, UpdateRule.Muon, Matrices: 3)], 1)).Message.ShouldContain("not 3 matrices");
    }

    [Fact]
    public void Names_are_unique()
    {
        using var value = zeros(6);

        Should.Throw<ArgumentException>(() => new Optimizer([new("b", value, UpdateRule.AdamW), new("b", value, UpdateRule.AdamW)], 1)).Message.ShouldContain("'b'");
    }

    internal static void Step(Regression regression, Optimizer optimizer, int ranks, int batchesPerRank)
    {
        var gradients = new Tensor?[ranks * batchesPerRank][];
        var norms = new double[ranks];
        using var barrier = new Barrier(ranks);
        Ranks.Run(ranks, rank =>
        {
            for (var batch = rank * batchesPerRank; batch < (rank + 1) * batchesPerRank; batch++)
                gradients[batch] = regression.Gradients(batch);
            barrier.SignalAndWait();
            var scale = 1.0 / gradients.Length;
            norms[rank] = optimizer.SquaredNorm(rank, gradients, scale);
            barrier.SignalAndWait();
            var clip = Math.Min(1, 1 / Math.Sqrt(norms.Sum()));
            optimizer.Step(rank, gradients, scale * clip, Rates);
            barrier.SignalAndWait();
        });
    }

    private static float[] Trained(int ranks, int steps)
    {
        using var regression = new Regression();
        using var optimizer = new Optimizer(regression.Parameters, ranks);
        for (var step = 0; step < steps; step++)
            Step(regression, optimizer, ranks, 2 / ranks);
        return [.. regression.Parameters.SelectMany(parameter => parameter.Value.detach().data<float>().ToArray())];
    }
}
