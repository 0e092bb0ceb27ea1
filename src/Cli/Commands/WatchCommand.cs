using System.CommandLine;
using System.Text.Json;
using Pipeline.Cli.Client;
using Pipeline.Contracts;
using Pipeline.Contracts.Api;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline watch JOB</c>: follows a job to its end.</summary>
public static class WatchCommand
{
    private static readonly TimeSpan OnTerminal = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Elsewhere = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        var job = ClientCommand.Job();
        return ClientCommand.Create(
            "watch",
            "Follow a job to its end; a job that does not end well is a failure.",
            "pipeline watch nightly",
            [job],
            async (session, line, token) => await FollowAsync(session, await session.Client.FindAsync(line.GetRequiredValue(job), token), everything: true, token));
    }

    /// <param name="everything">In JSON: every change, one a line; otherwise only how it ended.</param>
    internal static async Task<int> FollowAsync(ClientSession session, Guid job, bool everything, CancellationToken token)
    {
        var lines = new StatusLines(session.Error, Console.IsErrorRedirected ? Elsewhere : OnTerminal, TimeProvider.System);
        var last = await new JobFollower(session.Client, TimeProvider.System).FollowAsync(job, Show, token);
        if (!everything || !session.Json)
            await session.AnswerAsync(last, StatusText.Write);
        return last.State == "done" ? ExitCode.Ok : ExitCode.Failed;

        void Show(JobStatus status)
        {
            if (!session.Json)
                lines.Show(status);
            else if (everything)
                session.Output.WriteLine(JsonSerializer.Serialize(status, ContractsJson.Options));
        }
    }
}
