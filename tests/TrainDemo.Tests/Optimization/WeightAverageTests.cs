using Pipeline.TrainDemo.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Tests.Optimization;

public sealed class WeightAverageTests
{
    [Fact]
    public void Swapping_twice_gives_back_every_bit()
    {
        using var regression = new Regression();
        using var average = new WeightAverage(regression.Parameters, ranks: 1);
        Overwrite(regression, 0.1f);
        average.Update(0);
        Overwrite(regression, 0.3f);
        var weights = regression.Bits;

        average.Swap();
        regression.Bits.ShouldNotBe(weights);
        average.Swap();

        regression.Bits.ShouldBe(weights);
    }

    [Fact]
    public void The_initial_weights_are_soon_forgotten()
    {
        using var value = full([4], 100f);
        using var average = new WeightAverage([new("w", value, UpdateRule.AdamW)], ranks: 1);
        value.fill_(1);

        for (var step = 0; step < 60; step++)
            average.Update(0);

        average.Swap();
        value[0].ToSingle().ShouldBeInRange(1f, 1.01f);
    }

    [Fact]
    public void Late_updates_keep_the_decay()
    {
        using var value = zeros(1);
        using var average = new WeightAverage([new("w", value, UpdateRule.AdamW)], ranks: 1, decay: 0.5);
        for (var step = 0; step < 20; step++)
            average.Update(0);
        value.fill_(8);

        average.Update(0);
        average.Update(0);

        average.Swap();
        value[0].ToSingle().ShouldBe(6);
    }

    [Fact]
    public void Ranks_average_what_one_does()
    {
        Averaged(ranks: 2).ShouldBe(Averaged(ranks: 1));
    }

    [Fact]
    public void Swapped_weights_are_neither_averaged_nor_saved()
    {
        using var value = zeros(1);
        using var average = new WeightAverage([new("w", value, UpdateRule.AdamW)], ranks: 1);
        average.Swap();

        Should.Throw<InvalidOperationException>(() => average.Update(0)).Message.ShouldContain("swap back");
        Should.Throw<InvalidOperationException>(() => average.AddTo([]));
    }

    private static byte[] Averaged(int ranks)
    {
        using var regression = new Regression();
        using var average = new WeightAverage(regression.Parameters, ranks);
        for (var step = 1; step < 5; step++)
        {
            Overwrite(regression, 0.1f * step);
            Ranks.Run(ranks, average.Update);
        }

        average.Swap();
        return regression.Bits;
    }

    private static void Overwrite(Regression regression, float by)
    {
        using var unrecorded = no_grad();
        foreach (var parameter in regression.Parameters)
            parameter.Value.add_(by);
    }
}
