using System.CommandLine;
using System.Globalization;
using System.Net.Http.Headers;
using Pipeline.Cli.Client;
using Pipeline.Contracts.Api;
using Pipeline.Contracts.Jobs;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline submit JOB</c>: gives a job to an orchestrator.</summary>
public static class SubmitCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("job") { HelpName = "JOB", Description = "Job file, YAML or JSON; its relative paths are those of this machine where they exist here." };
        var wait = new Option<bool>("--wait") { Description = "Follow the job to its end; a job that does not end well is a failure." };
        var priority = new Option<int>("--priority") { HelpName = "N", Description = "-100 to 100; larger ones go first. Default 0." };
        var once = new Option<string>("--idempotency-key") { HelpName = "WORD", Description = "The same word again submits nothing new. Default: one of its own each time." };
        return ClientCommand.Create(
            "submit",
            "Give a job to an orchestrator.",
            "pipeline submit examples/quickstart.yaml --wait",
            [file, wait, priority, once],
            (session, line, token) => SubmitAsync(session, line.GetRequiredValue(file), line.GetValue(wait), line.GetValue(priority), line.GetValue(once), token));
    }

    private static async Task<int> SubmitAsync(ClientSession session, string file, bool wait, int priority, string? once, CancellationToken token)
    {
        var content = JobFile.WithAbsolutePaths(JobFile.ReadContent(file), file, Path.GetDirectoryName(Path.GetFullPath(file))!);
        var query = priority == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"?priority={priority}");
        var status = await session.Client.AskAsync<JobStatus>(HttpMethod.Post, $"jobs{query}", Content, token, once ?? Guid.NewGuid().ToString("N"));
        if (!wait)
            return await session.AnswerAsync(status, (submitted, output) => output.WriteLine($"{submitted.Id}  {submitted.Name}"));
        await session.Error.WriteLineAsync($"{status.Name} is job {status.Id}");
        return await WatchCommand.FollowAsync(session, status.Id, everything: false, token);

        HttpContent Content() => new ReadOnlyMemoryContent(content) { Headers = { ContentType = new MediaTypeHeaderValue(IsJson(file) ? "application/json" : ApiRoutes.Yaml) } };
    }

    private static bool IsJson(string file) => Path.GetExtension(file).Equals(".json", StringComparison.OrdinalIgnoreCase);
}
