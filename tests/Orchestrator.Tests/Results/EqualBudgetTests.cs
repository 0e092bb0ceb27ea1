using Pipeline.Orchestrator.Reports;
using static Pipeline.Orchestrator.Tests.Results.MadeReports;

namespace Pipeline.Orchestrator.Tests.Results;

public sealed class EqualBudgetTests
{
    [Fact]
    public void Variants_stand_with_those_of_equal_tokens_the_dearest_budget_first_and_the_best_of_each_first()
    {
        var budgets = EqualBudget.Of(
        [
            None,
            Variant("random:keep=0.25", tokens: 16, tflops: 0.2, giou: 0.5),
            Variant("fastv:average=32", tokens: 32, tflops: 0.4, giou: 0.7),
            Variant("altp:average=32", tokens: 31.5, tflops: 0.41, giou: 0.8),
        ]);

        Names(budgets).ShouldBe(["altp:average=32 fastv:average=32", "random:keep=0.25"]);
        budgets[0].Cost.ShouldBe((31.5, 32));
    }

    [Fact]
    public void A_budget_is_never_wider_than_its_tolerance_however_small_the_steps()
    {
        var budgets = EqualBudget.Of([.. Enumerable.Range(0, 40).Select(step => Variant($"random:seed={step}", tokens: 100 - step, tflops: 1, giou: 0.5))]);

        foreach (var (least, most) in budgets.Select(budget => budget.Cost))
            least.ShouldBeGreaterThanOrEqualTo(most * (1 - EqualBudget.Tolerance));
        budgets.Sum(budget => budget.Variants.Count).ShouldBe(40);
    }

    [Fact]
    public void A_budget_set_in_flops_is_compared_at_equal_flops_whatever_the_tokens()
    {
        var budgets = EqualBudget.Of(
        [
            Variant("lvlm-csp:flops=0.35", tokens: 20, tflops: 0.35, giou: 0.8),
            Variant("random:flops=0.35", tokens: 24, tflops: 0.349, giou: 0.7),
            Variant("random:average=24", tokens: 24, tflops: 0.349, giou: 0.7),
        ]);

        Names(budgets).ShouldBe(["random:average=24", "lvlm-csp:flops=0.35 random:flops=0.35"]);
        budgets.Select(budget => budget.InFlops).ShouldBe([false, true]);
    }

    [Fact]
    public void Of_equally_good_variants_the_cheaper_is_the_better()
    {
        var budget = EqualBudget.Of([Variant("a:keep=1", tokens: 32, tflops: 0.42, giou: 0.7), Variant("b:keep=1", tokens: 32, tflops: 0.4, giou: 0.7)]).ShouldHaveSingleItem();

        budget.Variants[0].Name.ShouldBe("b:keep=1");
    }

    [Fact]
    public void A_variant_of_which_nothing_was_measured_has_no_budget() =>
        EqualBudget.Of([None, Variant("random:keep=0.25", tokens: null, tflops: null, giou: null)]).ShouldBeEmpty();

    private static IEnumerable<string> Names(IEnumerable<EqualBudget> budgets) =>
        budgets.Select(budget => string.Join(' ', budget.Variants.Select(variant => variant.Name)));
}
