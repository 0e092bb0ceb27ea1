using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Pipeline.Servers.Processes;

namespace Pipeline.Servers.RabbitMq;

/// <summary>A RabbitMQ server of our own, as a plain process with everything it owns in one folder.</summary>
/// <remarks>
/// It listens on 127.0.0.1 only, has one user with a random password and no guest. Ports, password and durable queues stay with the
/// folder: a server that is started again, also after it was killed, is the same server to its clients.
/// </remarks>
public sealed class RabbitMqServer : IAsyncDisposable
{
    private const string User = "pipeline";
    private const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    private const string Install = "On Debian or Ubuntu: apt-get install --no-install-recommends rabbitmq-server";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly string folder;
    private readonly RabbitMqSettings settings;

    private RabbitMqServer(string folder, RabbitMqSettings settings, DetachedProcess process)
    {
        this.folder = folder;
        this.settings = settings;
        Process = process;
    }

    /// <summary>The broker's process; another one after <see cref="RestartAsync"/>.</summary>
    public DetachedProcess Process { get; private set; }

    /// <summary>For clients, with user and password; the virtual host is the first one.</summary>
    public Uri Uri => UriOf("");

    /// <summary>Where the server writes what happens.</summary>
    public string Log => LogOf(folder);

    /// <summary>Starts the server of a folder, which need not exist. A server of that folder that still runs is stopped first.</summary>
    /// <exception cref="ServerException">RabbitMQ is missing, its ports are taken, or it does not start; the message says why.</exception>
    public static async Task<RabbitMqServer> StartAsync(string folder, CancellationToken token)
    {
        if (!File.Exists(Program))
            throw new ServerException($"RabbitMQ's server ({Program}) is missing. {Install}");
        folder = Path.GetFullPath(folder);
        PrivateFile.MakeFolder(folder);
        await StopProcessesAsync(folder, token);
        var settings = PrivateFile.Read<RabbitMqSettings>(SettingsOf(folder));
        if (settings is null)
        {
            settings = RabbitMqSettings.Choose();
            PrivateFile.Write(SettingsOf(folder), settings);
        }

        return new RabbitMqServer(folder, settings, await LaunchAsync(folder, settings, token));
    }

    /// <summary>The server of a folder, if it runs.</summary>
    public static RabbitMqServer? Find(string folder)
    {
        folder = Path.GetFullPath(folder);
        return PrivateFile.Read<RabbitMqProcesses>(ProcessesOf(folder)) is { Server: { } server } && server.IsRunning() && PrivateFile.Read<RabbitMqSettings>(SettingsOf(folder)) is { } settings
            ? new RabbitMqServer(folder, settings, server)
            : null;
    }

    /// <summary>Makes a virtual host in which the user may do everything.</summary>
    /// <param name="name">Letters, digits, '-' and '_'.</param>
    /// <returns>Its address for clients.</returns>
    public async Task<Uri> NewVirtualHostAsync(string name, CancellationToken token)
    {
        await ErlangCall.EvaluateAsync(folder, settings, $"ok = rabbit_vhost:add(<<\"{name}\">>, <<\"{User}\">>)", token);
        await ErlangCall.EvaluateAsync(
            folder, settings, $"ok = rabbit_auth_backend_internal:set_permissions(<<\"{User}\">>, <<\"{name}\">>, <<\".*\">>, <<\".*\">>, <<\".*\">>, <<\"{User}\">>)", token);
        return UriOf(name);
    }

    /// <summary>Starts the server anew on its ports and with what it holds, whether it runs, was stopped or was killed.</summary>
    /// <exception cref="ServerException">It does not start.</exception>
    public async Task RestartAsync(CancellationToken token)
    {
        await StopProcessesAsync(folder, token);
        Process = await LaunchAsync(folder, settings, token);
    }

    /// <summary>Stops whatever runs of the server of a folder.</summary>
    /// <returns>Whether anything ran.</returns>
    public static Task<bool> StopAsync(string folder, CancellationToken token) => StopProcessesAsync(Path.GetFullPath(folder), token);

    /// <summary>Stops the server in its own time, at most half a minute.</summary>
    public Task StopAsync(CancellationToken token) => StopProcessesAsync(folder, token);

    /// <summary>Ends the server as a crash of the machine would.</summary>
    public Task KillAsync(CancellationToken token) => Process.KillAsync(token);

    /// <summary>Stops the server if it still runs.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    private static string SettingsOf(string folder) => Path.Combine(folder, "server.json");

    private static string ProcessesOf(string folder) => Path.Combine(folder, "processes.json");

    private static string LogOf(string folder) => Path.Combine(folder, "log", "rabbitmq.log");

    private static async Task<bool> StopProcessesAsync(string folder, CancellationToken token)
    {
        if (PrivateFile.Read<RabbitMqProcesses>(ProcessesOf(folder)) is not { } processes)
            return false;
        var ran = false;
        foreach (var (process, patience) in ((DetachedProcess?, int)[])[(processes.Server, 30), (processes.Names, 1)])
        {
            if (process is null || !process.IsRunning())
                continue;
            ran = true;
            await process.StopAsync(TimeSpan.FromSeconds(patience), token);
        }

        File.Delete(ProcessesOf(folder));
        return ran;
    }

    private static async Task<DetachedProcess> LaunchAsync(string folder, RabbitMqSettings settings, CancellationToken token)
    {
        foreach (var port in (int[])[settings.Port, settings.NamesPort, settings.NodePort])
        {
            if (!LoopbackPort.IsFree(port))
                throw new ServerException($"Port {port} of the RabbitMQ server in {folder} is taken by another process; end that, or remove the folder.");
        }

        var environment = RabbitMqFiles.Write(folder, settings, User);
        var output = Path.Combine(folder, "log", "output.log");
        var names = DetachedProcess.Start("epmd", ["-port", settings.NamesPort.ToString(CultureInfo.InvariantCulture), "-address", "127.0.0.1"], environment, folder, output);
        PrivateFile.Write(ProcessesOf(folder), new RabbitMqProcesses(null, names));
        var server = DetachedProcess.Start(Program, [], environment, folder, output);
        PrivateFile.Write(ProcessesOf(folder), new RabbitMqProcesses(server, names));
        try
        {
            await AwaitAsync(folder, settings, server, output, token);
            return server;
        }
        catch
        {
            await StopProcessesAsync(folder, CancellationToken.None);
            throw;
        }
    }

    private static async Task AwaitAsync(string folder, RabbitMqSettings settings, DetachedProcess server, string output, CancellationToken token)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await AnswersAsync(settings.Port, token))
        {
            if (!server.IsRunning() || Stopwatch.GetElapsedTime(started) > Patience)
                throw new ServerException($"RabbitMQ did not start in {folder}. What it said last:\n{LogTail.Of(LogOf(folder), output)}");
            await Task.Delay(50, token);
        }
    }

    /// <summary>The broker greets a client that begins to speak AMQP 0-9-1.</summary>
    private static async Task<bool> AnswersAsync(int port, CancellationToken token)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, token);
            await client.GetStream().WriteAsync("AMQP\0\0\u0009\u0001"u8.ToArray(), token);
            return await client.GetStream().ReadAsync(new byte[1], token) == 1;
        }
        catch (Exception fault) when (fault is SocketException or IOException)
        {
            return false;
        }
    }

    private Uri UriOf(string virtualHost) => new($"amqp://{User}:{settings.Password}@127.0.0.1:{settings.Port}/{virtualHost}");
}
