using Microsoft.Extensions.Logging;

namespace Pipeline.Hosting.Resilience;

/// <summary>What the pipelines say.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The {Pipeline} does not answer and is asked again in {Pause}: {Reason}")]
    public static partial void Again(ILogger log, string pipeline, TimeSpan pause, string reason);
}
