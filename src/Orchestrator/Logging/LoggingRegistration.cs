using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Console;

namespace Pipeline.Orchestrator.Logging;

/// <summary>How a host writes its log.</summary>
internal static class LoggingRegistration
{
    /// <summary>To the console in <see cref="PlainLines"/>.</summary>
    public static void AddPlainLines(this ILoggingBuilder logging)
    {
        logging.Services.TryAddSingleton(TimeProvider.System);
        logging.AddConsole(console => console.FormatterName = PlainLines.FormatterName);
        logging.AddConsoleFormatter<PlainLines, ConsoleFormatterOptions>();
    }
}
