namespace Pipeline.Orchestrator.Reports;

/// <summary>How a report is written.</summary>
public enum ReportForm
{
    /// <summary>Every number, for programs.</summary>
    Json,

    /// <summary>Tables as text.</summary>
    Markdown,

    /// <summary>A page that needs nothing else, with pictures.</summary>
    Html,
}
