namespace Pipeline.Contracts.Jobs;

/// <summary>One thing wrong with a job file.</summary>
/// <param name="Path">Where in the document, such as <c>variants[3].layer</c>; empty for the document itself.</param>
/// <param name="Message">What is wrong and what would be right, in one line.</param>
public sealed record JobFault(string Path, string Message)
{
    /// <summary>Line of the job file, counted from 1; null where the file could not be read at all.</summary>
    public int? Line { get; init; }
}
