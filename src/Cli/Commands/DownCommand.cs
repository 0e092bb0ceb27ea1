using System.CommandLine;
using System.Text.Json.Nodes;
using Pipeline.Cli.Help;
using Pipeline.Cli.Local;
using Pipeline.Contracts;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline down</c>: stops what <c>pipeline up</c> started.</summary>
public static class DownCommand
{
    public static Command Create()
    {
        var folder = UpCommand.Folder();
        var purge = new Option<bool>("--purge") { Description = "Remove the folder with all its jobs and results too." };
        var json = new Option<bool>("--json") { Description = "Answer in JSON: {folder, stopped[], purged}." };
        var command = new DocumentedCommand("down", "Stop what 'pipeline up' started; workers finish or hand back their shards first.")
        {
            Group = "Servers",
            Examples = ["pipeline down", "pipeline down --purge"],
        };
        foreach (var option in (Option[])[folder, purge, json])
            command.Options.Add(option);
        command.SetAction(async (line, token) => await ExecuteAsync(
            line.GetValue(folder)!, line.GetValue(purge), line.GetValue(json), line.InvocationConfiguration.Output, token));
        return command;
    }

    private static async Task<int> ExecuteAsync(string folder, bool purge, bool json, TextWriter output, CancellationToken token)
    {
        folder = Path.GetFullPath(folder);
        var stopped = await LocalDown.ExecuteAsync(folder, purge, token);
        if (json)
            await output.WriteLineAsync(new JsonObject { ["folder"] = folder, ["stopped"] = new JsonArray([.. stopped.Select(name => JsonValue.Create(name))]), ["purged"] = purge }.ToJsonString(ContractsJson.Indented));
        else
            await output.WriteLineAsync($"{(stopped.Count == 0 ? $"Nothing ran in {folder}" : $"Stopped: {string.Join(", ", stopped)}")}{(purge ? "; the folder is removed" : "")}");
        return ExitCode.Ok;
    }
}
