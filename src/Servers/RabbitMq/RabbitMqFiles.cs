using System.Globalization;
using Pipeline.Servers.Processes;

namespace Pipeline.Servers.RabbitMq;

/// <summary>Configuration files and environment that keep a RabbitMQ server to its own folder and to the loopback address.</summary>
internal static class RabbitMqFiles
{
    /// <summary>Writes the files.</summary>
    /// <returns>The environment that points at them.</returns>
    public static Dictionary<string, string?> Write(string folder, RabbitMqSettings settings, string user)
    {
        string In(string name) => Path.Combine(folder, name);
        Directory.CreateDirectory(In("log"));
        PrivateFile.Write(
            In("rabbitmq.conf"),
            string.Create(CultureInfo.InvariantCulture, $"listeners.tcp.1 = 127.0.0.1:{settings.Port}\ndefault_user = {user}\ndefault_pass = {settings.Password}\nloopback_users = none\n"));
        PrivateFile.Write(In("enabled_plugins"), "[].\n");
        // Erlang refuses a cookie that anyone but its owner can read, and makes a weaker one itself when there is none.
        PrivateFile.Write(In(".erlang.cookie"), settings.Cookie);
        return new()
        {
            ["HOME"] = folder,
            ["ERL_EPMD_PORT"] = settings.NamesPort.ToString(CultureInfo.InvariantCulture),
            ["RABBITMQ_NODENAME"] = NodeName(settings),
            ["RABBITMQ_DIST_PORT"] = settings.NodePort.ToString(CultureInfo.InvariantCulture),
            ["RABBITMQ_MNESIA_BASE"] = In("mnesia"),
            ["RABBITMQ_LOG_BASE"] = In("log"),
            ["RABBITMQ_LOGS"] = In("log/rabbitmq.log"),
            ["RABBITMQ_CONFIG_FILE"] = In("rabbitmq"),
            ["RABBITMQ_CONFIG_FILES"] = In("conf.d"),
            ["RABBITMQ_CONF_ENV_FILE"] = In("rabbitmq-env.conf"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = In("enabled_plugins"),
            ["RABBITMQ_PID_FILE"] = In("rabbitmq.pid"),
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
            // The script then becomes the server instead of a parent that would survive its death.
            ["RUNNING_UNDER_SYSTEMD"] = "1",
        };
    }

    public static string NodeName(RabbitMqSettings settings) => string.Create(CultureInfo.InvariantCulture, $"pipeline{settings.Port}@localhost");
}
