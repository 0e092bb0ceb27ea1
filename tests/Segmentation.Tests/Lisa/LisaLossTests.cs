using Pipeline.Segmentation.Lisa;
using static TorchSharp.torch;

namespace Pipeline.Segmentation.Tests.Lisa;

public sealed class LisaLossTests
{
    [Fact]
    public void A_state_answers_for_the_token_behind_it_and_ignored_ones_count_nothing()
    {
        using var scope = NewDisposeScope();
        var logits = randn([2, 4, 5], generator: new Generator(1, CPU));
        long[] wanted = [3, -100, 2, -100, 1, 4, -100, 0];

        var loss = LisaLoss.CrossEntropy(logits, tensor(wanted, [2, 4])).item<float>();

        // What stands first has nothing before it that could have said it.
        var logs = logits.log_softmax(-1);
        var expected = -(logs[0, 1, 2] + logs[1, 0, 4] + logs[1, 2, 0]).item<float>() / 3;
        loss.ShouldBe(expected, 1e-6f);
    }

    [Fact]
    public void Mask_losses_are_the_mean_over_masks_of_what_each_mask_has_alone()
    {
        using var scope = NewDisposeScope();
        var generator = new Generator(2, CPU);
        var (logits, truth) = (randn([3, 4, 6], generator: generator), rand([3, 4, 6], generator: generator));

        foreach (var loss in new[] { LisaLoss.MaskBce, (Func<Tensor, Tensor, Tensor>)LisaLoss.Dice })
        {
            var alone = Enumerable.Range(0, 3).Average(i => loss(logits.narrow(0, i, 1), truth.narrow(0, i, 1)).item<float>());
            loss(logits, truth).item<float>().ShouldBe(alone, 1e-6f);
        }
    }

    [Fact]
    public void Mask_losses_of_known_probabilities_are_those_of_the_formulas()
    {
        using var scope = NewDisposeScope();
        var odds = (float)Math.Log(3); // A probability of 3/4.
        var logits = tensor([odds, odds, -odds, -odds], [1, 2, 2]);
        var truth = tensor([1f, 0f, 1f, 0f], [1, 2, 2]);

        LisaLoss.MaskBce(logits, truth).item<float>().ShouldBe((float)-(Math.Log(0.75) + Math.Log(0.25)) / 2, 1e-6f);
        // Shared 0.75 + 0.25, both sums 2, all in thousandths.
        LisaLoss.Dice(logits, truth).item<float>().ShouldBe((float)(1 - ((2e-3 + 1e-6) / (4e-3 + 1e-6))), 1e-6f);
    }

    [Fact]
    public void Masks_that_are_right_cost_nothing_and_no_masks_neither()
    {
        using var scope = NewDisposeScope();
        var truth = tensor([1f, 0f, 0f, 1f, 0f, 0f, 0f, 0f], [2, 2, 2]);
        var sure = (truth - 0.5) * 200;

        LisaLoss.MaskBce(sure, truth).item<float>().ShouldBeLessThan(1e-6f);
        LisaLoss.Dice(sure, truth).item<float>().ShouldBeLessThan(1e-6f);
        LisaLoss.MaskBce(zeros([0, 4, 4]), zeros([0, 4, 4])).item<float>().ShouldBe(0);
        LisaLoss.Dice(zeros([0, 4, 4]), zeros([0, 4, 4])).item<float>().ShouldBe(0);
    }
}
