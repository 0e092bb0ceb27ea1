using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Pipeline.Tests.Servers;

/// <summary>A real RabbitMQ server of the tests' own, as a plain process with everything it owns in a temporary folder.</summary>
public sealed class RabbitMqServer : IAsyncLifetime
{
    private const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rabbitmq-");
    private readonly int port = FreePort();
    private readonly int namesPort = FreePort();
    private readonly int nodePort = FreePort();
    private Process? server;
    private Process? names;

    /// <summary>For clients.</summary>
    public Uri Uri => new($"amqp://guest:guest@127.0.0.1:{port}/");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(File.Exists(Program), $"{Program} is missing; install it with: apt-get install --no-install-recommends rabbitmq-server");

        // Started here, because a node leaves the name server it starts itself behind.
        names = Process.Start(Start("epmd", "-port", namesPort.ToString(), "-address", "127.0.0.1"));
        server = Process.Start(Start(Program))!;
        _ = server.StandardOutput.ReadToEndAsync();
        _ = server.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(Patience);
        while (!await AnswersAsync())
        {
            if (server.HasExited || deadline.IsCancellationRequested)
                throw new TimeoutException($"RabbitMQ did not answer on port {port} within {Patience.TotalSeconds} s; its log:\n{Log()}");
            await Task.Delay(100, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in (Process?[])[server, names])
        {
            if (process is null)
                continue;
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        folder.Delete(recursive: true);
    }

    private ProcessStartInfo Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder.FullName };
        string In(string name) => Path.Combine(folder.FullName, name);
        File.WriteAllText(In("rabbitmq.conf"), $"listeners.tcp.1 = 127.0.0.1:{port}\nloopback_users = none\n");
        File.WriteAllText(In("enabled_plugins"), "[].\n");
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["HOME"] = folder.FullName,
            ["ERL_EPMD_PORT"] = namesPort.ToString(),
            ["RABBITMQ_NODENAME"] = $"tests{port}@localhost",
            ["RABBITMQ_DIST_PORT"] = nodePort.ToString(),
            ["RABBITMQ_MNESIA_BASE"] = In("mnesia"),
            ["RABBITMQ_LOG_BASE"] = In("log"),
            ["RABBITMQ_CONFIG_FILE"] = In("rabbitmq"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = In("enabled_plugins"),
            ["RABBITMQ_PID_FILE"] = In("pid"),
        })
        {
            start.Environment[name] = value;
        }

        return start;
    }

    /// <summary>The broker greets a client that begins to speak AMQP 0-9-1.</summary>
    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            await client.GetStream().WriteAsync("AMQP\0\0\u0009\u0001"u8.ToArray());
            return await client.GetStream().ReadAsync(new byte[1]) == 1;
        }
        catch (Exception fault) when (fault is SocketException or IOException)
        {
            return false;
        }
    }

    private string Log() => string.Join('\n', folder.EnumerateFiles("*.log", SearchOption.AllDirectories).SelectMany(file => File.ReadLines(file.FullName).TakeLast(20)));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
