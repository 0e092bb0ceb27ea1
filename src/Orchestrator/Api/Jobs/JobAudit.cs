namespace Pipeline.Orchestrator.Api.Jobs;

/// <summary>Writes into the log who changed what.</summary>
internal sealed partial class JobAudit(ILogger<JobAudit> log)
{
    public void Submitted(string by, Guid job, string name) => LogSubmitted(by, job, name);

    /// <param name="what">In the past tense.</param>
    public void Changed(string by, string what, Guid job) => LogChanged(by, what, job);

    [LoggerMessage(Level = LogLevel.Information, Message = "{By} submitted job {Job}, '{Name}'")]
    private partial void LogSubmitted(string by, Guid job, string name);

    [LoggerMessage(Level = LogLevel.Information, Message = "{By} {What} job {Job}")]
    private partial void LogChanged(string by, string what, Guid job);
}
