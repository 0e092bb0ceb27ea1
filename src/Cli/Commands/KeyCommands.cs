using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Pipeline.Cli.Client;
using Pipeline.Cli.Help;
using Pipeline.Contracts;
using Pipeline.Orchestrator.Api.Keys;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline key</c>: makes, lists and revokes the keys of an orchestrator, in its file of keys.</summary>
public static class KeyCommands
{
    private static readonly Dictionary<char, TimeSpan> Units = new() { ['h'] = TimeSpan.FromHours(1), ['d'] = TimeSpan.FromDays(1) };

    public static Command Create(TimeProvider time) => new("key", "Make, list and revoke API keys.") { Make(time), List(time), Revoke(time) };

    private static DocumentedCommand Make(TimeProvider time)
    {
        var name = new Option<string>("--name") { HelpName = "NAME", Description = "Whose it is: letters, digits, '-', '_' and '.'.", Required = true };
        var scope = new Option<string>("--scope") { HelpName = "read|submit|admin", Description = "What it may do; each includes those before it.", Required = true };
        scope.AcceptOnlyFromAmong("read", "submit", "admin");
        var expires = new Option<string>("--expires") { HelpName = "TIME", Description = "When it ends: 12h, 90d. Default: never." };
        var (file, json) = (File(), Json());
        var command = new DocumentedCommand("create", "Make an API key. It is shown once; only its hash is kept.")
        {
            Group = ClientCommand.Group,
            Examples = ["pipeline key create --name ci --scope submit --expires 90d --file keys.json > ci.key"],
        };
        foreach (var option in (Option[])[name, scope, expires, file, json])
            command.Options.Add(option);
        command.SetAction(line =>
        {
            var (output, error) = (line.InvocationConfiguration.Output, line.InvocationConfiguration.Error);
            var key = KeyFile.Create(
                line.GetRequiredValue(file),
                line.GetRequiredValue(name),
                Enum.Parse<ApiScope>(line.GetRequiredValue(scope), ignoreCase: true),
                line.GetValue(expires) is { } text ? Lifetime(text) : null,
                time.GetUtcNow());
            if (line.GetValue(json))
            {
                output.WriteLine(JsonSerializer.Serialize(new { name = line.GetRequiredValue(name), scope = line.GetRequiredValue(scope), key }, ContractsJson.Indented));
            }
            else
            {
                error.WriteLine($"The key '{line.GetRequiredValue(name)}' is shown this once; {line.GetRequiredValue(file)} keeps only its hash.");
                output.WriteLine(key);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static DocumentedCommand List(TimeProvider time)
    {
        var (file, json) = (File(), Json());
        var command = new DocumentedCommand("list", "List API keys.") { Group = ClientCommand.Group, Examples = ["pipeline key list --file keys.json"] };
        command.Options.Add(file);
        command.Options.Add(json);
        command.SetAction(line =>
        {
            var keys = KeyFile.Read(line.GetRequiredValue(file));
            var output = line.InvocationConfiguration.Output;
            if (line.GetValue(json))
                output.WriteLine(JsonSerializer.Serialize(keys.Select(key => new { key.Name, key.Scope, State = State(key, time), key.CreatedAt, key.ExpiresAt, key.RevokedAt }), ContractsJson.Indented));
            else
                Write(keys, time, output);
            return ExitCode.Ok;
        });
        return command;
    }

    private static DocumentedCommand Revoke(TimeProvider time)
    {
        var name = new Argument<string>("name") { HelpName = "NAME", Description = "Name of the key." };
        var file = File();
        var json = Json();
        var command = new DocumentedCommand("revoke", "Refuse an API key from now on; orchestrators that run see it at once.")
        {
            Group = ClientCommand.Group,
            Examples = ["pipeline key revoke ci --file keys.json"],
        };
        command.Arguments.Add(name);
        command.Options.Add(file);
        command.Options.Add(json);
        command.SetAction(line =>
        {
            var changed = KeyFile.Revoke(line.GetRequiredValue(file), line.GetRequiredValue(name), time.GetUtcNow());
            var output = line.InvocationConfiguration.Output;
            output.WriteLine(line.GetValue(json)
                ? JsonSerializer.Serialize(new { name = line.GetRequiredValue(name), revoked = true, changed }, ContractsJson.Indented)
                : $"{line.GetRequiredValue(name)} {(changed ? "is revoked" : "was revoked before")}");
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Write(IReadOnlyList<ApiKey> keys, TimeProvider time, TextWriter output)
    {
        var table = new TextTable("name", "scope", "state", "created", "expires");
        foreach (var key in keys)
            table.Add(key.Name, key.Scope.ToString().ToLowerInvariant(), State(key, time), StatusText.Time(key.CreatedAt), StatusText.Time(key.ExpiresAt));
        table.Write(output);
    }

    private static string State(ApiKey key, TimeProvider time) => key.RevokedAt is not null ? "revoked" : key.IsGood(time.GetUtcNow()) ? "good" : "expired";

    private static TimeSpan Lifetime(string text) =>
        text.Length > 1 && Units.TryGetValue(text[^1], out var unit) && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= 36_500
            ? count * unit
            : throw new InvalidDataException($"--expires {text} is no time; use hours or days, such as 12h or 90d");

    private static Option<string> File() => new("--file") { HelpName = "KEYS", Description = "The orchestrator's file of keys (Api:KeysFile).", Required = true };

    private static Option<bool> Json() => new("--json") { Description = "Answer in JSON." };
}
