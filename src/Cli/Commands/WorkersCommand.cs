using System.CommandLine;
using System.Globalization;
using Pipeline.Cli.Client;
using Pipeline.Contracts.Api;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline workers</c>: who works.</summary>
public static class WorkersCommand
{
    public static Command Create() => ClientCommand.Create(
        "workers",
        "List the workers that were seen in the last hour.",
        "pipeline workers",
        [],
        async (session, _, token) => await session.AnswerAsync(await session.Client.GetAsync<IReadOnlyList<WorkerStatus>>("workers", token), Write));

    private static void Write(IReadOnlyList<WorkerStatus> workers, TextWriter output)
    {
        var table = new TextTable("name", "state", "busy", "device", "version", "queues", "seen");
        foreach (var worker in workers)
        {
            table.Add(
                worker.Name,
                worker.Live ? "live" : worker.Leaving ? "left" : "silent",
                string.Create(CultureInfo.InvariantCulture, $"{worker.Busy}/{worker.Slots}"),
                worker.Device,
                worker.CodeVersion,
                string.Join(' ', worker.Queues),
                StatusText.Time(worker.SeenAt));
        }

        table.Write(output);
    }
}
