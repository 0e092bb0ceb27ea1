using System.Text.Json.Serialization;
using Pipeline.Servers.Processes;

namespace Pipeline.Cli.Local;

/// <summary>What runs: the content of <c>pipeline.json</c> and the answer of <c>pipeline up --json</c>. Holds no secrets.</summary>
/// <param name="Folder">Folder of the data.</param>
/// <param name="Api">Address of the orchestrator; null while it is not started.</param>
/// <param name="Processes">In the order in which they were started.</param>
internal sealed record LocalState(string Folder, string? Api, IReadOnlyList<LocalProcess> Processes)
{
    public const string Orchestrator = "orchestrator";
    public const string WorkerPrefix = "worker-";

    [JsonIgnore]
    public IEnumerable<LocalProcess> Workers => Processes.Where(process => process.Name.StartsWith(WorkerPrefix, StringComparison.Ordinal));

    /// <summary>What of it still runs.</summary>
    public static LocalState Read(LocalFolder folder)
    {
        var state = PrivateFile.Read<LocalState>(folder.State) ?? new LocalState(folder.Path, null, []);
        return state with { Processes = [.. state.Processes.Where(process => process.Process.IsRunning())] };
    }

    public LocalProcess? Find(string name) => Processes.FirstOrDefault(process => process.Name == name);

    public LocalState With(LocalProcess process) => this with { Processes = [.. Processes.Where(other => other.Name != process.Name), process] };
}
