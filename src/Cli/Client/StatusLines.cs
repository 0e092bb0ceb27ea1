using Pipeline.Contracts.Api;

namespace Pipeline.Cli.Client;

/// <summary>Shows a job that is followed: a line when its state changes, and now and then between.</summary>
internal sealed class StatusLines(TextWriter writer, TimeSpan interval, TimeProvider time)
{
    private string state = "";
    private DateTimeOffset next = DateTimeOffset.MinValue;

    public void Show(JobStatus status)
    {
        var now = time.GetUtcNow();
        var current = $"{StatusText.State(status)} {status.Waiting}";
        if (current == state && !status.Ended && now < next)
            return;
        (state, next) = (current, now + interval);
        writer.WriteLine(StatusText.Line(status));
    }
}
