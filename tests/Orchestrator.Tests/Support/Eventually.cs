namespace Pipeline.Orchestrator.Tests.Support;

/// <summary>Awaits a condition; says what it waited for when it does not come true.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<T> Get<T>(string what, Func<Task<T>> read, Func<T, bool> holds)
    {
        using var deadline = new CancellationTokenSource(Patience);
        var latest = await read();
        while (!holds(latest))
        {
            if (deadline.IsCancellationRequested)
                throw new TimeoutException($"Waited {Patience.TotalSeconds:F0} s for {what}; it was last: {latest}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
            latest = await read();
        }

        return latest;
    }
}
