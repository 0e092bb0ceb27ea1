using System.Diagnostics;

namespace Pipeline.GpuWorker.Tests.Fakes;

/// <summary>Waits for what happens in another process.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <param name="what">What is waited for, for the message when it does not come.</param>
    public static async Task True(Func<bool> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!condition())
        {
            watch.Elapsed.ShouldBeLessThan(Patience, $"waited for {what}");
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
