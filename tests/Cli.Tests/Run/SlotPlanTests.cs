using Pipeline.Cli.Run;

namespace Pipeline.Cli.Tests.Run;

public sealed class SlotPlanTests
{
    private const long Megabyte = 1 << 20;
    private const long Gigabyte = 1 << 30;

    [Fact]
    public void A_small_model_gets_a_slot_of_one_thread_per_core() =>
        SlotPlan.OnCpu(weights: 8 * Megabyte, memory: 4 * Gigabyte, processors: 2, asked: null).ShouldBe(new SlotPlan(2, 1));

    [Fact]
    public void A_large_model_gets_one_slot_with_all_cores() =>
        SlotPlan.OnCpu(weights: 14 * Gigabyte, memory: 64 * Gigabyte, processors: 16, asked: null).ShouldBe(new SlotPlan(1, 16));

    [Fact]
    public void A_small_model_computes_with_one_thread_whatever_the_number_of_slots() =>
        Enumerable.Range(1, 4).Select(slots => SlotPlan.OnCpu(8 * Megabyte, 4 * Gigabyte, 2, slots))
            .ShouldBe([new(1, 1), new(2, 1), new(3, 1), new(4, 1)]);

    [Fact]
    public void Slots_asked_for_share_the_cores_of_a_large_model() =>
        SlotPlan.OnCpu(14 * Gigabyte, 64 * Gigabyte, 16, asked: 3).ShouldBe(new SlotPlan(3, 5));

    [Fact]
    public void More_slots_than_cores_still_have_a_thread_each() =>
        SlotPlan.OnCpu(14 * Gigabyte, 64 * Gigabyte, 2, asked: 3).ShouldBe(new SlotPlan(3, 1));
}
