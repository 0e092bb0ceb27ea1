using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Pipeline.Cli.Help;
using Pipeline.Cli.Local;
using Pipeline.Contracts;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline up</c>: servers, orchestrator and workers on this machine.</summary>
public static class UpCommand
{
    private const int MostWorkers = 64;

    public static Command Create()
    {
        var workers = new Option<int>("--workers") { HelpName = "N", Description = $"Worker processes, 0 to {MostWorkers}. Default 1.", DefaultValueFactory = _ => 1 };
        workers.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= MostWorkers))
                result.AddError($"--workers {token.Value} is no number of workers; use 0 to {MostWorkers}");
        });
        var folder = Folder();
        var port = new Option<int>("--port") { HelpName = "PORT", Description = "Port of the API on 127.0.0.1; 0 for any. Default 5080.", DefaultValueFactory = _ => 5080 };
        port.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !ushort.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                result.AddError($"--port {token.Value} is no port; use 0 to 65535");
        });
        var data = new Option<string[]>("--data") { HelpName = "DIR", Description = "Folder with datasets and models that jobs may read; may be given more than once. Default: the current folder." };
        var models = new Option<string[]>("--model") { HelpName = "DIR", Description = "Checkpoint that the workers serve; may be given more than once. Default: every model that a job names." };
        var json = new Option<bool>("--json") { Description = "Answer in JSON: {folder, api, processes[]}." };
        var command = new DocumentedCommand("up", "Start RabbitMQ, PostgreSQL, Azurite, an orchestrator and workers on this machine.")
        {
            Group = "Servers",
            Examples = ["pipeline up", "pipeline up --workers 4 --json", "pipeline up --data /mnt/datasets --model models/demo"],
        };
        foreach (var option in (Option[])[workers, folder, port, data, models, json])
            command.Options.Add(option);
        command.SetAction(async (line, token) => await ExecuteAsync(
            new UpOptions(line.GetValue(folder)!, line.GetValue(workers), line.GetValue(port), line.GetValue(data) is { Length: > 0 } folders ? folders : [Environment.CurrentDirectory], line.GetValue(models) ?? []),
            line.GetValue(json),
            line.InvocationConfiguration.Output,
            line.InvocationConfiguration.Error,
            token));
        return command;
    }

    internal static Option<string> Folder() => new("--dir")
    {
        HelpName = "DIR",
        Description = $"Folder for data, secrets and logs. Default {LocalFolder.Default}.",
        DefaultValueFactory = _ => LocalFolder.Default,
    };

    private static async Task<int> ExecuteAsync(UpOptions options, bool json, TextWriter output, TextWriter error, CancellationToken token)
    {
        foreach (var model in options.Models)
        {
            if (!File.Exists(Path.Combine(model, "config.json")))
                throw new DirectoryNotFoundException($"--model {model} is no checkpoint; it has no config.json.");
        }

        if (options.Data.FirstOrDefault(folder => !Directory.Exists(folder)) is { } missing)
            throw new DirectoryNotFoundException($"--data {missing} is no folder.");
        var (state, started) = await LocalUp.ExecuteAsync(options, error, token);
        if (json)
            await output.WriteLineAsync(JsonSerializer.Serialize(state, ContractsJson.Indented));
        else
            Write(state, started.Count, output);
        return ExitCode.Ok;
    }

    private static void Write(LocalState state, int started, TextWriter output)
    {
        output.WriteLine(started == state.Processes.Count ? $"Up in {state.Folder}" : started == 0 ? $"Up already in {state.Folder}" : $"Up in {state.Folder}; {started} of these were started now");
        var table = new TextTable("process", "pid", "address");
        foreach (var process in state.Processes)
            table.Add(process.Name, process.Pid.ToString(CultureInfo.InvariantCulture), process.Address);
        table.Write(output);
        output.WriteLine($"Logs: {Path.Combine(state.Folder, "log")}. 'pipeline down' stops it all and keeps the data.");
    }
}
