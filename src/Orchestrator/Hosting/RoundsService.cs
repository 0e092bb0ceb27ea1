namespace Pipeline.Orchestrator.Hosting;

/// <summary>Does the same again and again. A round that fails, since ledger, broker or artifacts are away, is told of; the next one goes on.</summary>
/// <param name="interval">From one round to the next; the first one begins at once.</param>
internal abstract class RoundsService(TimeSpan interval, TimeProvider time) : BackgroundService
{
    protected TimeSpan Interval => interval;

    protected TimeProvider Time => time;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        do
        {
            try
            {
                await RoundAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever was in the way of this round may be gone by the next.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                Interrupted(fault);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    protected abstract Task RoundAsync(CancellationToken token);

    /// <summary>Logs why a round failed.</summary>
    protected abstract void Interrupted(Exception fault);
}
