using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Pipeline.Hosting.Logging;

/// <summary>How a host writes its log.</summary>
public static class LoggingRegistration
{
    /// <summary>To the console in <see cref="PlainLines"/>; what libraries say of every single request and statement only from warnings on, unless the configuration asks for more.</summary>
    public static void AddPlainLines(this ILoggingBuilder logging)
    {
        logging.Services.TryAddSingleton(TimeProvider.System);
        logging.AddConsole(console => console.FormatterName = PlainLines.FormatterName);
        logging.AddConsoleFormatter<PlainLines, ConsoleFormatterOptions>();
        foreach (var talkative in (string[])["Microsoft.AspNetCore", "Microsoft.EntityFrameworkCore"])
            logging.AddFilter(talkative, LogLevel.Warning);
    }
}
