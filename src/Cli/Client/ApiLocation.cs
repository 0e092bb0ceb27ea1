using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Cli.Client;

/// <summary>Where the orchestrator is and which key it gets.</summary>
/// <param name="Address">Base address.</param>
/// <param name="Key">Null for an orchestrator of this machine that wants none.</param>
public sealed record ApiLocation(Uri Address, string? Key)
{
    public const string UrlVariable = "PIPELINE_URL";
    public const string KeyVariable = "PIPELINE_KEY";
    public const string KeyFileVariable = "PIPELINE_KEY_FILE";

    /// <summary>Where <c>pipeline up</c> leaves its addresses, below the working folder or one above it.</summary>
    public const string StateFile = ".pipeline/pipeline.json";

    /// <summary>From the options, else from the environment, else from what <c>pipeline up</c> left.</summary>
    /// <exception cref="InvalidDataException">There is none, or it is wrong; the message says what would be right.</exception>
    public static ApiLocation Find(string? url, string? keyFile, Func<string, string?> environment, string folder)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var address = url ?? NotEmpty(environment(UrlVariable)) ?? FromState(folder)
            ?? throw new InvalidDataException("There is no orchestrator known here; start one with: ./pipeline up, or name one with --url or PIPELINE_URL.");
        if (!Uri.TryCreate(address, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https"))
            throw new InvalidDataException($"'{address}' is no address of an orchestrator; use one such as http://127.0.0.1:5080.");
        return new ApiLocation(parsed, ReadKey(keyFile, environment));
    }

    private static string? ReadKey(string? keyFile, Func<string, string?> environment)
    {
        if (keyFile is null && NotEmpty(environment(KeyVariable)) is { } key)
            return key.Trim();
        if ((keyFile ?? NotEmpty(environment(KeyFileVariable))) is not { } file)
            return null;
        var text = File.ReadAllText(file).Trim();
        return text.Length > 0 && !text.Any(char.IsWhiteSpace) ? text : throw new InvalidDataException($"{file} is no file of one key.");
    }

    private static string? FromState(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            var file = Path.Combine(at.FullName, StateFile);
            if (!File.Exists(file))
                continue;
            try
            {
                return JsonNode.Parse(File.ReadAllText(file))?["api"]?.GetValue<string>()
                    ?? throw new InvalidDataException($"{file} names no 'api'; start the orchestrator anew with: ./pipeline up");
            }
            catch (Exception fault) when (fault is JsonException or InvalidOperationException)
            {
                throw new InvalidDataException($"{file} is damaged; start the orchestrator anew with: ./pipeline up", fault);
            }
        }

        return null;
    }

    private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
