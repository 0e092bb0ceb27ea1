using System.ComponentModel.DataAnnotations;

namespace Pipeline.Orchestrator.Jobs;

/// <summary>When ended jobs are tidied. Section <c>Sweep</c>.</summary>
public sealed class SweepOptions
{
    public const string Section = "Sweep";

    /// <summary>How long after a job's end, and after a result was stored, a result that nothing refers to is kept: it may just be announced.</summary>
    /// <value>Default 10 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Wait between two looks.</summary>
    /// <value>Default 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);
}
