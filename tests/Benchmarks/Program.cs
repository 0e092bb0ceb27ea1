using Pipeline.Benchmarks;

if (args is [BareLoop.Verb, var job])
{
    BareLoop.Run(job, Console.Out);
    return 0;
}

if (args.Contains("--help") || args.Any(arg => arg.StartsWith('-') && arg != "--json"))
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project tests/Benchmarks -- [filter] [--json]");
    Console.Error.WriteLine("Runs the benchmarks whose class name contains the filter, all if there is none:");
    Console.Error.WriteLine("  " + string.Join(", ", BenchmarkCatalog.Find(null).Select(benchmark => benchmark.GetType().Name)));
    return args.Contains("--help") ? 0 : 2;
}

var filter = args.FirstOrDefault(arg => !arg.StartsWith('-'));
var benchmarks = BenchmarkCatalog.Find(filter);
if (benchmarks.Count == 0)
{
    Console.Error.WriteLine($"no benchmark's name contains '{filter}'; see --help");
    return 2;
}

var session = new BenchmarkSession(TimeProvider.System);
foreach (var benchmark in benchmarks)
{
    Console.Error.WriteLine($"{benchmark.GetType().Name}: {benchmark.Description}");
    session.Run(benchmark);
}

Console.WriteLine(args.Contains("--json") ? BenchmarkReport.Json(session.Rows) : BenchmarkReport.Markdown(session.Rows));
return 0;
