using System.CommandLine;
using System.Text.Json;
using Pipeline.Cli.Help;
using Pipeline.Contracts;
using Pipeline.Contracts.Api;
using Pipeline.Contracts.Jobs;

namespace Pipeline.Cli.Client;

/// <summary>What every command that asks an orchestrator has in common.</summary>
internal static class ClientCommand
{
    public const string Group = "Orchestrator";

    /// <summary>Does the work; gives one of <see cref="ExitCode"/>.</summary>
    public delegate Task<int> Work(ClientSession session, ParseResult line, CancellationToken token);

    public static Argument<string> Job() => new("job") { HelpName = "JOB", Description = "Id of the job, the beginning of its id, or its name for the newest of that name." };

    public static Command Create(string name, string description, string example, IReadOnlyList<Symbol> symbols, Work work)
    {
        var url = new Option<string>("--url") { HelpName = "URL", Description = "Address of the orchestrator. Default: PIPELINE_URL, else the one that 'pipeline up' started here." };
        var keyFile = new Option<string>("--key-file") { HelpName = "FILE", Description = "File with the API key. Default: PIPELINE_KEY, else PIPELINE_KEY_FILE." };
        var json = new Option<bool>("--json") { Description = "Answer in JSON." };
        var command = new DocumentedCommand(name, description) { Group = Group, Examples = [example] };
        foreach (var argument in symbols.OfType<Argument>())
            command.Arguments.Add(argument);
        foreach (var option in symbols.OfType<Option>().Concat([url, keyFile, json]))
            command.Options.Add(option);
        command.SetAction(async (line, token) =>
        {
            var location = ApiLocation.Find(line.GetValue(url), line.GetValue(keyFile), Environment.GetEnvironmentVariable, Environment.CurrentDirectory);
            using var client = new ApiClient(location, TimeProvider.System);
            var session = new ClientSession(client, line.GetValue(json), line.InvocationConfiguration.Output, line.InvocationConfiguration.Error);
            try
            {
                return await work(session, line, token);
            }
            catch (ApiRefusedException refusal)
            {
                Tell(refusal, session);
                return refusal.IsBadInput ? ExitCode.BadInput : ExitCode.Failed;
            }
        });
        return command;
    }

    private static void Tell(ApiRefusedException refusal, ClientSession session)
    {
        if (session.Json)
            session.Output.WriteLine(JsonSerializer.Serialize(refusal.Problem, ContractsJson.Indented));
        else if (refusal.Problem.Errors is { Count: > 0 } errors)
            FaultText.Write(new JobReading { File = refusal.Problem.Detail ?? refusal.Problem.Title, Faults = errors }, session.Error);
        else
            session.Error.WriteLine($"error: {Sentence(refusal.Problem)}");
    }

    private static string Sentence(Problem problem) => problem.TraceId is { } trace && problem.Status >= 500 ? $"{problem.Detail} (trace {trace})" : problem.Detail ?? problem.Title;
}
