using Pipeline.Orchestrator.Jobs;

namespace Pipeline.Orchestrator.Tests.Jobs;

public sealed class PaceTests
{
    [Fact]
    public void There_is_no_rate_before_anything_was_done()
    {
        var pace = new Pace();

        pace.Mark(TimeSpan.FromSeconds(1), 0).ShouldBeNull();
        pace.Mark(TimeSpan.FromSeconds(9), 0).ShouldBeNull();
    }

    [Fact]
    public void The_rate_forgets_what_lies_more_than_a_minute_back()
    {
        var pace = new Pace();
        for (var second = 0; second <= 100; second++)
            pace.Mark(TimeSpan.FromSeconds(second), second * 10);

        double? rate = null;
        for (var second = 101; second <= 200; second++)
            rate = pace.Mark(TimeSpan.FromSeconds(second), 1000 + ((second - 100) * 2));

        rate.ShouldBe(2);
    }
}
