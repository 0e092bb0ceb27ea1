using System.Text.Json.Serialization;
using Pipeline.Servers.Processes;

namespace Pipeline.Cli.Local;

/// <summary>A process that <c>pipeline up</c> started.</summary>
/// <param name="Name">Such as <c>worker-1</c>.</param>
/// <param name="Pid">Number of the process.</param>
/// <param name="Started">When the kernel started it, in clock ticks since boot: a number that was given to another process since is not taken for it.</param>
/// <param name="Address">Where it answers, without secrets.</param>
/// <param name="Log">File with what it says.</param>
internal sealed record LocalProcess(string Name, int Pid, long Started, string Address, string Log)
{
    [JsonIgnore]
    public DetachedProcess Process => new(Pid, Started);

    public static LocalProcess Of(string name, DetachedProcess process, string address, string log) => new(name, process.Pid, process.Started, address, log);
}
