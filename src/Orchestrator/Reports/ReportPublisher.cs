using System.Text;
using System.Text.Json;
using Pipeline.Contracts;
using Pipeline.Contracts.Artifacts;

namespace Pipeline.Orchestrator.Reports;

/// <summary>Writes a job's report in its three forms.</summary>
public sealed class ReportPublisher
{
    private readonly ReportBuilder builder;
    private readonly OverlayReader overlays;
    private readonly IArtifactStore artifacts;

    internal ReportPublisher(ReportBuilder builder, OverlayReader overlays, IArtifactStore artifacts)
    {
        this.builder = builder;
        this.overlays = overlays;
        this.artifacts = artifacts;
    }

    /// <summary>Reports what is done so far; marked partial unless its counts equal the manifest's. An earlier report of the job is replaced.</summary>
    /// <exception cref="KeyNotFoundException">The ledger has no such job.</exception>
    public async Task<PublishedReport> PublishAsync(Guid job, CancellationToken token)
    {
        var report = await builder.BuildAsync(job, token);
        var shown = await overlays.ReadAsync(job, token);
        return new PublishedReport(
            report,
            await PutAsync(job, "report.json", Json(report), token),
            await PutAsync(job, "report.md", Markdown(report), token),
            await PutAsync(job, "report.html", Encoding.UTF8.GetBytes(ReportHtml.Render(report, shown)), token));
    }

    /// <summary>Reads what is done so far, in one form, and stores nothing.</summary>
    /// <returns>UTF-8.</returns>
    /// <exception cref="KeyNotFoundException">The ledger has no such job.</exception>
    /// <exception cref="FileNotFoundException">The job was never planned to its end.</exception>
    public async Task<byte[]> RenderAsync(Guid job, ReportForm form, CancellationToken token)
    {
        var report = await builder.BuildAsync(job, token);
        return form switch
        {
            ReportForm.Json => Json(report),
            ReportForm.Markdown => Markdown(report),
            _ => Encoding.UTF8.GetBytes(ReportHtml.Render(report, await overlays.ReadAsync(job, token))),
        };
    }

    private static byte[] Json(Report report) => JsonSerializer.SerializeToUtf8Bytes(report, ContractsJson.Indented);

    private static byte[] Markdown(Report report) => Encoding.UTF8.GetBytes(ReportMarkdown.Render(report));

    private Task<ArtifactReference> PutAsync(Guid job, string file, byte[] content, CancellationToken token) =>
        artifacts.PutAsync(ArtifactNames.Report(job, file), content, token);
}
