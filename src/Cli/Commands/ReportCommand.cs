using System.CommandLine;
using System.Text.Json.Nodes;
using Pipeline.Cli.Client;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline report JOB</c>: the report of what is done so far.</summary>
public static class ReportCommand
{
    private static readonly string[] Forms = ["json", "md", "html"];

    public static Command Create()
    {
        var job = ClientCommand.Job();
        var folder = new Option<string>("--out") { HelpName = "DIR", Description = "Folder for report.json, report.md and report.html. Default: the report's text here." };
        return ClientCommand.Create(
            "report",
            "Get the report of a job, of what is done so far.",
            "pipeline report nightly --out out/nightly",
            [job, folder],
            async (session, line, token) =>
            {
                var id = await session.Client.FindAsync(line.GetRequiredValue(job), token);
                return line.GetValue(folder) is { } path ? await SaveAsync(session, id, path, token) : await PrintAsync(session, id, token);
            });
    }

    private static async Task<int> PrintAsync(ClientSession session, Guid job, CancellationToken token)
    {
        await session.Output.WriteLineAsync((await ReadAsync(session.Client, job, session.Json ? "json" : "md", token)).TrimEnd());
        return ExitCode.Ok;
    }

    private static async Task<int> SaveAsync(ClientSession session, Guid job, string folder, CancellationToken token)
    {
        Directory.CreateDirectory(folder);
        var final = false;
        foreach (var form in Forms)
        {
            var text = await ReadAsync(session.Client, job, form, token);
            if (form == "json")
                final = JsonNode.Parse(text)!["final"]!.GetValue<bool>();
            await File.WriteAllTextAsync(Path.Combine(folder, $"report.{form}"), text, token);
        }

        return await session.AnswerAsync(
            new { final, files = Forms.Select(form => Path.Combine(folder, $"report.{form}")) },
            (saved, output) => output.WriteLine($"{(saved.final ? "Report" : "Partial report")}: {Path.Combine(folder, "report.html")}"));
    }

    private static async Task<string> ReadAsync(ApiClient client, Guid job, string form, CancellationToken token)
    {
        using var response = await client.SendAsync(HttpMethod.Get, $"jobs/{job}/report?format={form}", null, token);
        return await response.Content.ReadAsStringAsync(token);
    }
}
