using Microsoft.Extensions.Logging;

namespace Pipeline.GpuWorker.Children;

/// <summary>The last words of a process, kept for whoever asks why it died.</summary>
internal sealed partial class LastLines(ILogger logger)
{
    private const int Most = 12;
    private const int Longest = 300;

    private readonly Lock gate = new();
    private readonly Queue<string> lines = new(Most);

    /// <param name="line">Null at the end of the stream.</param>
    public void Add(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        LogLine(line);
        lock (gate)
        {
            if (lines.Count == Most)
            {
                lines.Dequeue();
            }

            lines.Enqueue(line.Length <= Longest ? line : line[..Longest]);
        }
    }

    public override string ToString()
    {
        lock (gate)
        {
            return string.Join('\n', lines);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The process that runs the model says: {Line}")]
    private partial void LogLine(string line);
}
