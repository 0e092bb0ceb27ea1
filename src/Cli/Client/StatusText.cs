using System.Globalization;
using Pipeline.Cli.Run;
using Pipeline.Contracts.Api;
using Pipeline.Contracts.Text;

namespace Pipeline.Cli.Client;

/// <summary>A job's status for people.</summary>
internal static class StatusText
{
    /// <returns>One line: how far it is.</returns>
    public static string Line(JobStatus status)
    {
        var rate = status.SamplesPerSecond is { } perSecond ? string.Create(CultureInfo.InvariantCulture, $", {perSecond:0.0} samples/s") : "";
        var left = status is { Ended: false, SecondsLeft: { } seconds } ? $", {Duration.Text(TimeSpan.FromSeconds(seconds))} left" : "";
        var failures = status.Variants.Sum(variant => variant.Failures) is > 0 and var failed ? $", {failed} failed predictions" : "";
        var why = (status.Waiting ?? status.Reason) is { } reason ? $" ({PlainLine.Of(reason)})" : "";
        return $"{State(status)}: {status.SamplesDone}/{status.Samples} samples{rate}{left}{failures}{why}";
    }

    /// <summary>All of it.</summary>
    public static void Write(JobStatus status, TextWriter output)
    {
        output.WriteLine($"{status.Name}  {status.Id}");
        output.WriteLine(Line(status));
        var shards = status.Shards;
        output.WriteLine($"shards: {shards.Waiting} waiting, {shards.Sent} sent, {shards.Done} done, {shards.Split} split, {shards.Quarantined} quarantined; priority {status.Priority}");
        if (status.Variants.Count == 0)
            return;
        var table = new TextTable("variant", "done", "total", "failures");
        foreach (var variant in status.Variants)
            table.Add(variant.Name, Number(variant.Done), Number(variant.Total), Number(variant.Failures));
        table.Write(output);
    }

    public static string State(JobStatus status) => status is { Paused: true, Ended: false } ? $"{status.State}, paused" : status.State;

    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Time(DateTimeOffset? at) => at?.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "-";
}
