using Pipeline.Orchestrator.Jobs;

namespace Pipeline.Cli.Run;

/// <summary>Follows a job until it ends and shows how far it is: bars on a terminal, a line now and then elsewhere.</summary>
internal static class RunProgress
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    /// <returns>The job's last state; when cancelled, the state at that moment.</returns>
    public static async Task<JobProgress> FollowAsync(JobWatch watch, Guid job, CancellationToken token)
    {
        var first = await watch.ReadAsync(job, CancellationToken.None);
        return Console.IsErrorRedirected
            ? await FollowAsync(watch, first, new ProgressLines(Console.Error, TimeProvider.System).Show, token)
            : await ProgressBars.ShowAsync(first, show => FollowAsync(watch, first, show, token));
    }

    private static async Task<JobProgress> FollowAsync(JobWatch watch, JobProgress progress, Action<JobProgress> show, CancellationToken token)
    {
        using var timer = new PeriodicTimer(Step);
        show(progress);
        while (!progress.Ended && !token.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(token);
            }
            catch (OperationCanceledException)
            {
                break;
            }

            progress = await watch.ReadAsync(progress.Job, CancellationToken.None);
            show(progress);
        }

        return progress;
    }
}
