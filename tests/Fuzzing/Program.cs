using System.CommandLine;
using Pipeline.Fuzzing;
using Pipeline.Fuzzing.Children;
using Pipeline.Fuzzing.Targets;

if (Slice.FromArguments(args) is { } slice)
    return ChildLoop.Run(slice);

var names = new Argument<string[]>("target") { Description = $"Parsers; default all: {string.Join(", ", FuzzTargets.Names)}.", DefaultValueFactory = _ => [] };
names.AcceptOnlyFromAmong([.. FuzzTargets.Names]);
var inputs = new Option<long>("--inputs") { Description = "Mutated inputs for each parser.", DefaultValueFactory = _ => 1_000_000 };
var seed = new Option<int>("--seed") { Description = "Decides every input.", DefaultValueFactory = _ => 1 };
var folder = new Option<string>("--out") { Description = "Folder of findings.", DefaultValueFactory = _ => Path.Combine("artifacts", "fuzz") };
var command = new RootCommand("Gives every parser mutated inputs: none may crash, hang, take memory without bound, or end otherwise than read or refused.")
{
    names, inputs, seed, folder,
};
command.SetAction(async (line, token) =>
{
    var options = new CampaignOptions(line.GetValue(inputs), line.GetValue(seed), Path.GetFullPath(line.GetValue(folder)!));
    var chosen = line.GetValue(names) is { Length: > 0 } some ? some.Distinct() : FuzzTargets.Names;
    Console.WriteLine($"seed {options.Seed}, {options.Inputs} inputs for each parser, {options.Children} processes");
    Console.WriteLine(TargetReport.Header);
    var findings = new List<Finding>();
    foreach (var name in chosen)
    {
        var report = await Campaign.RunAsync(FuzzTargets.Named(name), options, token);
        Console.WriteLine(report);
        findings.AddRange(report.Findings);
    }

    foreach (var finding in findings)
        Console.WriteLine($"{finding.Target} input {finding.Number}: {finding.Signature}\n  {finding.Message.ReplaceLineEndings("\n  ")}");
    Console.WriteLine(findings.Count == 0 ? "no findings" : $"{findings.Count} findings; their inputs are in {options.Folder}");
    return findings.Count == 0 ? 0 : 1;
});
return await command.Parse(args).InvokeAsync();
