using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Hosting.Logging;

namespace Pipeline.Orchestrator.Tests.Api;

/// <summary>Keeps what a host would write to its console.</summary>
internal sealed class LogLines : ILoggerProvider
{
    private readonly PlainLines lines = new(TimeProvider.System);
    private readonly StringWriter text = new();

    public string Text
    {
        get
        {
            lock (text)
                return text.ToString();
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(LogLines log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (log.text)
                log.lines.Write(new LogEntry<TState>(logLevel, category, eventId, state, exception, formatter), null, log.text);
        }
    }
}
