using System.Text.Json;
using Pipeline.Contracts;

namespace Pipeline.Cli.Client;

/// <summary>One command as a client: whom it asks and where it answers.</summary>
/// <param name="Client">The orchestrator.</param>
/// <param name="Json">Answer with one JSON document.</param>
/// <param name="Output">The answer.</param>
/// <param name="Error">Progress and what went wrong.</param>
public sealed record ClientSession(ApiClient Client, bool Json, TextWriter Output, TextWriter Error)
{
    /// <summary>Answers in JSON, or for people.</summary>
    public async Task<int> AnswerAsync<T>(T value, Action<T, TextWriter> forPeople)
    {
        ArgumentNullException.ThrowIfNull(forPeople);
        if (Json)
            await Output.WriteLineAsync(JsonSerializer.Serialize(value, ContractsJson.Indented));
        else
            forPeople(value, Output);
        return ExitCode.Ok;
    }
}
