using Pipeline.Servers.Processes;

namespace Pipeline.Servers.RabbitMq;

/// <summary>The processes of a running RabbitMQ server.</summary>
/// <param name="Server">The broker.</param>
/// <param name="Names">Its Erlang name server, which a broker that starts one itself would leave behind.</param>
internal sealed record RabbitMqProcesses(DetachedProcess? Server, DetachedProcess? Names);
