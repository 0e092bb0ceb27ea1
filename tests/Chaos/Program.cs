using System.CommandLine;
using Pipeline.Chaos;
using Pipeline.Tests.Cluster;

var faults = new Option<int>("--faults") { Description = "Faults to inject.", DefaultValueFactory = _ => 200 };
var seed = new Option<int>("--seed") { Description = "Decides order and victims.", DefaultValueFactory = _ => 1 };
var workers = new Option<int>("--workers") { Description = "Worker processes.", DefaultValueFactory = _ => 3 };
var orchestrators = new Option<int>("--orchestrators") { Description = "Orchestrator processes.", DefaultValueFactory = _ => 2 };
var only = new Option<string>("--only") { Description = "Only faults whose name contains this.", DefaultValueFactory = _ => "" };
var model = new Option<string>("--model") { Description = "Checkpoint folder.", DefaultValueFactory = _ => "models/demo" };
var command = new RootCommand("Keeps jobs running while processes are killed and frozen, messages lost and doubled and results damaged; then checks every number from outside.")
{
    faults, seed, workers, orchestrators, only, model,
};
command.SetAction(async (line, token) =>
{
    var options = new ChaosOptions(
        line.GetValue(faults), line.GetValue(seed), line.GetValue(workers), line.GetValue(orchestrators), Path.GetFullPath(line.GetValue(model)!))
    {
        Only = line.GetValue(only)!,
    };
    await using var cluster = await Cluster.StartAsync(new ClusterOptions { Workers = options.Workers, Orchestrators = options.Orchestrators }, token);
    var outcome = await ChaosRun.ExecuteAsync(cluster, options, Console.Error.WriteLine, token);
    Console.WriteLine($"faults injected: {outcome.Injected.Count}");
    foreach (var kind in outcome.Injected.CountBy(name => name).OrderBy(kind => kind.Key, StringComparer.Ordinal))
        Console.WriteLine($"  {kind.Value,4} {kind.Key}");
    Console.WriteLine($"attempts: {string.Join(", ", outcome.Attempts.Select(state => $"{state.Value} {state.Key}"))}");
    Console.WriteLine(outcome.Verdict);
    return outcome.Verdict.IsClean ? 0 : 1;
});
return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
