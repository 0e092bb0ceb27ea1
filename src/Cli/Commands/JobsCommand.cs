using System.CommandLine;
using Pipeline.Cli.Client;
using Pipeline.Contracts.Api;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline jobs</c>: the orchestrator's jobs, newest first.</summary>
public static class JobsCommand
{
    private const int AtOnce = 200;

    public static Command Create()
    {
        var state = new Option<string>("--state") { HelpName = "STATE", Description = "Only jobs in this state: planning, running, done, stopped, cancelled." };
        var name = new Option<string>("--name") { HelpName = "NAME", Description = "Only jobs of this name." };
        var limit = new Option<int>("--limit") { HelpName = "N", Description = "At most so many. Default 20.", DefaultValueFactory = _ => 20 };
        return ClientCommand.Create(
            "jobs",
            "List jobs, newest first.",
            "pipeline jobs --state running",
            [state, name, limit],
            async (session, line, token) => await session.AnswerAsync(
                await ReadAsync(session.Client, line.GetValue(state), line.GetValue(name), line.GetValue(limit), token), Write));
    }

    private static async Task<JobPage> ReadAsync(ApiClient client, string? state, string? name, int limit, CancellationToken token)
    {
        var jobs = new List<JobSummary>();
        string? next = null;
        do
        {
            var page = await client.GetAsync<JobPage>($"jobs?limit={Math.Min(AtOnce, limit - jobs.Count)}{Query("state", state)}{Query("name", name)}{Query("after", next)}", token);
            jobs.AddRange(page.Jobs);
            next = page.Next;
        }
        while (next is not null && jobs.Count < limit);
        return new JobPage(jobs, next);
    }

    private static string Query(string key, string? value) => value is null ? "" : $"&{key}={Uri.EscapeDataString(value)}";

    private static void Write(JobPage page, TextWriter output)
    {
        var table = new TextTable("id", "name", "state", "samples", "priority", "submitted", "ended");
        foreach (var job in page.Jobs)
        {
            table.Add(
                job.Id.ToString(),
                job.Name,
                job.Paused && job.EndedAt is null ? $"{job.State}, paused" : job.State,
                StatusText.Number(job.Samples),
                StatusText.Number(job.Priority),
                StatusText.Time(job.SubmittedAt),
                StatusText.Time(job.EndedAt));
        }

        table.Write(output);
        if (page.Next is not null)
            output.WriteLine("There are more; --limit shows them.");
    }
}
