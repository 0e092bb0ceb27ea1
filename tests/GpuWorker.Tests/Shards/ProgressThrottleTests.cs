using Pipeline.GpuWorker.Shards;
using Pipeline.GpuWorker.Tests.Fakes;

namespace Pipeline.GpuWorker.Tests.Shards;

public sealed class ProgressThrottleTests
{
    [Fact]
    public async Task Progress_is_told_at_once_and_then_at_most_once_a_second()
    {
        var clock = new ManualClock();
        var told = new List<int>();
        var throttle = new ProgressThrottle(clock, done => { told.Add(done); return Task.CompletedTask; });

        for (var done = 0; done <= 10; done++)
        {
            await throttle.OnSampleAsync(done);
            clock.Advance(TimeSpan.FromMilliseconds(400));
        }

        told.ShouldBe([0, 3, 6, 9]);
    }
}
