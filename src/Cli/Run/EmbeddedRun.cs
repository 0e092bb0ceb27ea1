using Microsoft.Extensions.DependencyInjection;
using Pipeline.Contracts.Artifacts;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Models;
using Pipeline.Orchestrator.Jobs;
using Pipeline.Orchestrator.Ledger;
using Pipeline.Orchestrator.Reports;

namespace Pipeline.Cli.Run;

/// <summary>A whole job in one process: plan, dispatch, work, ingest, report.</summary>
public static class EmbeddedRun
{
    /// <param name="model">The checkpoint as it was described when the job was read.</param>
    /// <param name="output">Gets the report's table and where everything lies.</param>
    /// <param name="error">Gets progress and notices.</param>
    /// <summary>Runs a job in a folder. One that an earlier process began there goes on where that ended, however it ended.</summary>
    /// <returns>One of <see cref="ExitCode"/>: failed when the job stopped, interrupted when <paramref name="token"/> was cancelled; the report is written either way.</returns>
    public static async Task<int> ExecuteAsync(
        JobSpec spec, ModelDescription model, EmbeddedRunOptions options, TextWriter output, TextWriter error, CancellationToken token)
    {
        using var folder = RunFolder.Open(options.OutFolder, RunRecord.New(spec, model));
        var plan = SlotPlan.For(spec.Model, options.Slots);
        await error.WriteLineAsync($"{(folder.Begun ? "Resuming" : "Running")} {spec.Name} in {folder.Path}{(plan.Slots > 1 ? $", {plan.Slots} shards at a time" : "")}");
        await using var ledger = await RunLedger.OpenAsync(options.LedgerConnection, folder.Ledger, token);
        if (ledger.Notice is { } notice)
            await error.WriteLineAsync(notice);

        using var host = EmbeddedHost.Build(folder, ledger.Connection, plan);
        var began = TimeProvider.System.GetUtcNow();
        await host.StartAsync(token);
        try
        {
            var services = host.Services;
            var control = services.GetRequiredService<JobControl>();
            var job = await control.SubmitAsync(folder.Record.Job, spec, model, new SubmitOptions(), token);
            if (folder.Begun)
                await services.GetRequiredService<JobResumption>().ResumeAsync(job, began, token);
            var progress = await RunProgress.FollowAsync(services.GetRequiredService<JobWatch>(), job, token);
            if (!progress.Ended)
                await InterruptAsync(control, job);
            // A reading may be a moment old: the job's own artifact tells whether there is something to report.
            if (!progress.Planned && !await services.GetRequiredService<IArtifactStore>().ExistsAsync(ArtifactNames.Job(job), CancellationToken.None))
                return progress.Ended ? throw new InvalidDataException(progress.Reason) : throw new OperationCanceledException(token);
            var published = await services.GetRequiredService<ReportPublisher>().PublishAsync(job, CancellationToken.None);
            await CopyAsync(services.GetRequiredService<IArtifactStore>(), published, folder);
            await TellAsync(published.Report, progress, folder, output, error);
            return progress.State switch
            {
                JobState.Done => ExitCode.Ok,
                JobState.Stopped => ExitCode.Failed,
                _ => ExitCode.Interrupted,
            };
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }

    private static async Task InterruptAsync(JobControl control, Guid job)
    {
        try
        {
            await control.CancelAsync(job, "interrupted", CancellationToken.None);
        }
        catch (JobStateException)
        {
            // It ended by itself just now.
        }
    }

    private static async Task CopyAsync(IArtifactStore artifacts, PublishedReport published, RunFolder folder)
    {
        foreach (var file in (ArtifactReference[])[published.Json, published.Markdown, published.Html])
        {
            await using var source = await artifacts.OpenAsync(file.Name, CancellationToken.None);
            await using var target = File.Create(folder.Report(Path.GetFileName(file.Name)));
            await source.CopyToAsync(target);
        }
    }

    private static async Task TellAsync(Report report, JobProgress progress, RunFolder folder, TextWriter output, TextWriter error)
    {
        if (progress.State == JobState.Stopped)
            await error.WriteLineAsync($"error: the job stopped: {progress.Reason}");
        else if (!progress.Ended)
            await error.WriteLineAsync("interrupted; what is done is in the report, and the same command with the same --out goes on");
        RunSummary.Write(report, output);
        await output.WriteLineAsync($"{(report.Final ? "Report" : "Partial report")}: {folder.Report("report.html")}");
    }
}
