using Pipeline.TrainDemo.Optimization;

namespace Pipeline.TrainDemo.Tests.Optimization;

public sealed class CosineScheduleTests
{
    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(4, 0.5)]
    [InlineData(9, 1)]
    [InlineData(10, 1)]
    [InlineData(60, 0.6)]
    [InlineData(110, 0.2)]
    [InlineData(1000, 0.2)]
    public void Rises_straight_and_falls_as_a_cosine_to_the_final_share(int step, double expected) =>
        new CosineSchedule(WarmUpSteps: 10, Steps: 110, FinalShare: 0.2).At(step).ShouldBe(expected, 1e-12);

    [Fact]
    public void Without_warm_up_the_first_step_is_whole() =>
        new CosineSchedule(0, 100, 0).At(0).ShouldBe(1);
}
