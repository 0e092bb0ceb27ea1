using System.Diagnostics;
using System.Globalization;
using Pipeline.Servers.Processes;

namespace Pipeline.Servers.Azurite;

/// <summary>An Azure Blob server of our own (Azurite), as a plain process with everything it owns in one folder.</summary>
/// <remarks>
/// It listens on 127.0.0.1 only and has one account with a random key. Port, key and blobs stay with the folder: a server that is
/// started again, also after it was killed, is the same server to its clients, and every blob it confirmed is there.
/// </remarks>
public sealed class AzuriteServer : IAsyncDisposable
{
    private const string Account = "pipeline";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string folder;
    private readonly AzuriteSettings settings;

    private AzuriteServer(string folder, AzuriteSettings settings, DetachedProcess process)
    {
        this.folder = folder;
        this.settings = settings;
        Process = process;
    }

    /// <summary>The server's process; another one after <see cref="RestartAsync"/>.</summary>
    public DetachedProcess Process { get; private set; }

    /// <summary>Address of the account, without its key.</summary>
    public Uri Uri => UriOf(settings);

    /// <summary>For clients, with the account's key.</summary>
    public string ConnectionString => $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={settings.Key};BlobEndpoint={Uri};";

    /// <summary>Where the server writes what happens.</summary>
    public string Log => LogOf(folder);

    /// <summary>Starts the server of a folder, which need not exist. A server of that folder that still runs is stopped first.</summary>
    /// <exception cref="ServerException">Azurite or Node is missing, its port is taken, or it does not start; the message says why.</exception>
    public static async Task<AzuriteServer> StartAsync(string folder, CancellationToken token)
    {
        var programs = AzuritePrograms.Find();
        folder = Path.GetFullPath(folder);
        PrivateFile.MakeFolder(folder);
        await StopProcessAsync(folder, token);
        var settings = PrivateFile.Read<AzuriteSettings>(SettingsOf(folder));
        if (settings is null)
        {
            settings = AzuriteSettings.Choose();
            PrivateFile.Write(SettingsOf(folder), settings);
        }

        return new AzuriteServer(folder, settings, await LaunchAsync(programs, folder, settings, token));
    }

    /// <summary>The server of a folder, if it runs.</summary>
    public static AzuriteServer? Find(string folder)
    {
        folder = Path.GetFullPath(folder);
        return PrivateFile.Read<DetachedProcess>(ProcessOf(folder)) is { } process && process.IsRunning() && PrivateFile.Read<AzuriteSettings>(SettingsOf(folder)) is { } settings
            ? new AzuriteServer(folder, settings, process)
            : null;
    }

    /// <summary>Starts the server anew on its port and with what it holds, whether it runs, was stopped or was killed.</summary>
    /// <exception cref="ServerException">It does not start.</exception>
    public async Task RestartAsync(CancellationToken token)
    {
        var programs = AzuritePrograms.Find();
        await StopProcessAsync(folder, token);
        Process = await LaunchAsync(programs, folder, settings, token);
    }

    /// <summary>Stops the server of a folder, if it runs.</summary>
    /// <returns>Whether it ran.</returns>
    public static Task<bool> StopAsync(string folder, CancellationToken token) => StopProcessAsync(Path.GetFullPath(folder), token);

    /// <summary>Stops the server in its own time, at most ten seconds.</summary>
    public Task StopAsync(CancellationToken token) => StopProcessAsync(folder, token);

    /// <summary>Ends the server as a crash of the machine would.</summary>
    public Task KillAsync(CancellationToken token) => Process.KillAsync(token);

    /// <summary>Stops the server if it still runs.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    private static string SettingsOf(string folder) => Path.Combine(folder, "server.json");

    private static string ProcessOf(string folder) => Path.Combine(folder, "process.json");

    private static string LogOf(string folder) => Path.Combine(folder, "azurite.log");

    private static Uri UriOf(AzuriteSettings settings) => new($"http://127.0.0.1:{settings.Port}/{Account}");

    private static async Task<bool> StopProcessAsync(string folder, CancellationToken token)
    {
        if (PrivateFile.Read<DetachedProcess>(ProcessOf(folder)) is not { } process)
            return false;
        var ran = process.IsRunning();
        await process.StopAsync(TimeSpan.FromSeconds(10), token);
        File.Delete(ProcessOf(folder));
        return ran;
    }

    private static async Task<DetachedProcess> LaunchAsync(AzuritePrograms programs, string folder, AzuriteSettings settings, CancellationToken token)
    {
        if (!LoopbackPort.IsFree(settings.Port))
            throw new ServerException($"Port {settings.Port} of the Azurite server in {folder} is taken by another process; end that, or remove the folder.");
        string[] arguments =
        [
            "--require", programs.Durable, programs.Main, "--blobHost", "127.0.0.1", "--blobPort", settings.Port.ToString(CultureInfo.InvariantCulture),
            "--location", Path.Combine(folder, "data"), "--silent", "--disableTelemetry",
        ];
        var environment = new Dictionary<string, string?> { ["AZURITE_ACCOUNTS"] = $"{Account}:{settings.Key}" };
        var process = DetachedProcess.Start("node", arguments, environment, folder, LogOf(folder));
        PrivateFile.Write(ProcessOf(folder), process);
        try
        {
            await AwaitAsync(folder, settings, process, token);
            return process;
        }
        catch
        {
            await StopProcessAsync(folder, CancellationToken.None);
            throw;
        }
    }

    private static async Task AwaitAsync(string folder, AzuriteSettings settings, DetachedProcess process, CancellationToken token)
    {
        using var client = new HttpClient();
        var started = Stopwatch.GetTimestamp();
        while (!await AnswersAsync(client, UriOf(settings), token))
        {
            if (!process.IsRunning() || Stopwatch.GetElapsedTime(started) > Patience)
                throw new ServerException($"Azurite did not start in {folder}. What it said last:\n{LogTail.Of(LogOf(folder))}");
            await Task.Delay(50, token);
        }
    }

    private static async Task<bool> AnswersAsync(HttpClient client, Uri address, CancellationToken token)
    {
        try
        {
            using var response = await client.GetAsync(address, token);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
