using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Pipeline.Cli.Run;

/// <summary>Writes what the services log to a file of the run, so that the terminal belongs to progress.</summary>
internal sealed class RunLog(string path) : ILoggerProvider
{
    private readonly StreamWriter writer = new(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read)) { AutoFlush = true };

    public ILogger CreateLogger(string categoryName) => new FileLogger(writer, categoryName);

    public void Dispose() => writer.Dispose();

    private sealed class FileLogger(StreamWriter writer, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            var line = string.Create(
                CultureInfo.InvariantCulture,
                $"{TimeProvider.System.GetUtcNow():O} {logLevel} {category}: {formatter(state, exception)}{(exception is null ? "" : $"\n{exception}")}");
            lock (writer)
                writer.WriteLine(line);
        }
    }
}
