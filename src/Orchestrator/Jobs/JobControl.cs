namespace Pipeline.Orchestrator.Jobs;

/// <summary>What its user may do to a job that runs.</summary>
public sealed class JobControl
{
    private readonly JobEndings endings;

    internal JobControl(JobEndings endings) => this.endings = endings;

    /// <summary>Stops a job and tells the workers; one that has ended stays as it is. What is done is kept.</summary>
    /// <param name="reason">For the ledger and the report.</param>
    public Task StopAsync(Guid job, string reason, CancellationToken token) => endings.StopAsync(job, reason, token);
}
