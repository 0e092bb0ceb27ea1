using System.ComponentModel.DataAnnotations;
using Pipeline.Contracts.Jobs;

namespace Pipeline.Orchestrator.Api;

/// <summary>Who may use the API and how much. Section <c>Api</c>.</summary>
public sealed class ApiOptions
{
    public const string Section = "Api";

    /// <summary>File of keys, made by <c>pipeline key create</c> and read again when it changes. Without it the host answers this machine only.</summary>
    /// <value>Default none.</value>
    public string? KeysFile { get; set; }

    /// <summary>Bytes of a request's body.</summary>
    /// <value>Default 1 MiB, the largest job file.</value>
    [Range(1024, 64 * 1024 * 1024)]
    public int LargestBody { get; set; } = JobFile.LargestFile;

    /// <summary>Variants of a job, later ones included.</summary>
    /// <value>Default 256.</value>
    [Range(1, 1000)]
    public int MostVariants { get; set; } = 256;

    /// <summary>Samples of a job times its variants. Counted while the job is planned; one that has more is stopped.</summary>
    /// <value>Default 100 million.</value>
    [Range(1, long.MaxValue)]
    public long MostPredictions { get; set; } = 100_000_000;

    /// <summary>Requests a second of one key, or of one address where there is no key.</summary>
    /// <value>Default 50.</value>
    [Range(1, 100_000)]
    public int RequestsPerSecond { get; set; } = 50;

    /// <summary>Requests that may come at once before that rate holds.</summary>
    /// <value>Default 200.</value>
    [Range(1, 1_000_000)]
    public int Burst { get; set; } = 200;

    /// <summary>Event streams open at once.</summary>
    /// <value>Default 64.</value>
    [Range(1, 10_000)]
    public int EventStreams { get; set; } = 64;

    /// <summary>Longest silence on an event stream before a comment says that it is still open.</summary>
    /// <value>Default 15 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:05:00")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);
}
