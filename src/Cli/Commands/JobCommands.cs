using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using Pipeline.Cli.Client;
using Pipeline.Contracts;
using Pipeline.Contracts.Api;

namespace Pipeline.Cli.Commands;

/// <summary>The commands that look at one job or steer it, each a request.</summary>
public static class JobCommands
{
    public static IReadOnlyList<Command> Create() =>
    [
        OfJob("status", "Show where a job stands, and why nothing of it runs where that is so.", [], (session, id, _, token) => ShowAsync(session, HttpMethod.Get, $"jobs/{id}", null, token)),
        OfJob("pause", "Dispatch nothing of a job until it is resumed.", [], (session, id, _, token) => ShowAsync(session, HttpMethod.Post, $"jobs/{id}/pause", null, token)),
        OfJob("resume", "Let a paused job go on.", [], (session, id, _, token) => ShowAsync(session, HttpMethod.Post, $"jobs/{id}/resume", null, token)),
        OfJob("cancel", "End a job; what is done stays and can be exported.", [], (session, id, _, token) => ShowAsync(session, HttpMethod.Post, $"jobs/{id}/cancel", null, token)),
        Priority(),
        OfJob("retry", "Try again what failed in a job.", [], RetryAsync),
        OfJob("faults", "List what went wrong with a job, newest first.", [], FaultsAsync),
        OfJob("delete", "Remove a job with its artifacts and rows.", [], DeleteAsync),
        new Command("variants", "Change the variants of a job.") { AddVariants() },
    ];

    private delegate Task<int> WorkOnJob(ClientSession session, Guid job, ParseResult line, CancellationToken token);

    private static Command OfJob(string name, string description, IReadOnlyList<Symbol> more, WorkOnJob work, string example = "")
    {
        var job = ClientCommand.Job();
        return ClientCommand.Create(
            name,
            description,
            example.Length > 0 ? example : $"pipeline {name} nightly",
            [job, .. more],
            async (session, line, token) => await work(session, await session.Client.FindAsync(line.GetRequiredValue(job), token), line, token));
    }

    private static Command Priority()
    {
        var priority = new Argument<int>("priority") { HelpName = "N", Description = "-100 to 100; larger ones go first. After -- if it is negative." };
        return OfJob(
            "priority",
            "Let a job go before or after others.",
            [priority],
            (session, id, line, token) => ShowAsync(
                session, HttpMethod.Put, $"jobs/{id}/priority", () => JsonContent.Create(new PriorityChange(line.GetRequiredValue(priority)), options: ContractsJson.Options), token),
            "pipeline priority nightly 10");
    }

    private static Command AddVariants()
    {
        var variants = new Argument<string[]>("variants") { HelpName = "VARIANT...", Description = "In the short form: fastv:layer=2,keep=0.5.", Arity = ArgumentArity.OneOrMore };
        return OfJob(
            "add",
            "Add variants to a finished job; only they run.",
            [variants],
            (session, id, line, token) => ShowAsync(
                session, HttpMethod.Post, $"jobs/{id}/variants", () => JsonContent.Create(new { variants = line.GetRequiredValue(variants) }, options: ContractsJson.Options), token),
            "pipeline variants add nightly uniform:keep=0.25");
    }

    private static async Task<int> ShowAsync(ClientSession session, HttpMethod method, string path, Func<HttpContent>? content, CancellationToken token) =>
        await session.AnswerAsync(await session.Client.AskAsync<JobStatus>(method, path, content, token), StatusText.Write);

    private static async Task<int> RetryAsync(ClientSession session, Guid job, ParseResult line, CancellationToken token) =>
        await session.AnswerAsync(await session.Client.AskAsync<RetryStarted>(HttpMethod.Post, $"jobs/{job}/retry", null, token), (started, output) =>
        {
            output.WriteLine(started.Shards == 0 ? "nothing of the job had failed" : $"{started.Shards} {(started.Shards == 1 ? "shard runs" : "shards run")} again");
            StatusText.Write(started.Job, output);
        });

    private static async Task<int> DeleteAsync(ClientSession session, Guid job, ParseResult line, CancellationToken token)
    {
        using var response = await session.Client.SendAsync(HttpMethod.Delete, $"jobs/{job}", null, token);
        return await session.AnswerAsync(new { id = job, state = "deleting" }, (deleted, output) => output.WriteLine($"{deleted.id} is being deleted"));
    }

    private static async Task<int> FaultsAsync(ClientSession session, Guid job, ParseResult line, CancellationToken token)
    {
        var faults = new List<FaultEntry>();
        string? next = null;
        do
        {
            var page = await session.Client.GetAsync<FaultPage>($"jobs/{job}/faults?limit=1000{(next is null ? "" : $"&after={next}")}", token);
            faults.AddRange(page.Faults);
            next = page.Next;
        }
        while (next is not null);
        return await session.AnswerAsync(new FaultPage(faults, null), Write);
    }

    private static void Write(FaultPage page, TextWriter output)
    {
        if (page.Faults.Count == 0)
        {
            output.WriteLine("nothing went wrong");
            return;
        }

        var table = new TextTable("when", "what", "shard", "attempt", "sample", "variant", "stage", "reason");
        foreach (var fault in page.Faults)
        {
            table.Add(
                StatusText.Time(fault.At),
                fault.Kind,
                Number(fault.Shard),
                Number(fault.Attempt),
                fault.Sample ?? "",
                fault.Variant ?? "",
                fault.Stage ?? "",
                fault.Reason ?? "");
        }

        table.Write(output);
    }

    private static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
