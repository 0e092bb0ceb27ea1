using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Cli.Help;
using Pipeline.Contracts;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Models;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline validate JOB</c>: every fault of a job file at once, and nothing is started.</summary>
public static class ValidateCommand
{
    public static Command Create(IModelCatalog catalog)
    {
        var job = new Argument<string>("job") { HelpName = "JOB", Description = "Job file, YAML or JSON." };
        var json = new Option<bool>("--json") { Description = "Answer in JSON: {file, valid, faults[], job}." };
        var command = new DocumentedCommand("validate", "Check a job file: every fault at once, nothing is started.")
        {
            Group = "Jobs",
            Examples = ["pipeline validate examples/quickstart.yaml", "pipeline validate job.json --json"],
        };
        command.Arguments.Add(job);
        command.Options.Add(json);
        command.SetAction(line => Execute(
            JobFile.Read(line.GetRequiredValue(job), catalog),
            line.GetValue(json),
            line.InvocationConfiguration.Output,
            line.InvocationConfiguration.Error));
        return command;
    }

    public static int Execute(JobReading reading, bool json, TextWriter output, TextWriter error)
    {
        if (json)
            output.WriteLine(ToJson(reading));
        else if (reading.Spec is null)
            FaultText.Write(reading, error);
        else
            Describe(reading.File, reading.Spec, output);
        return reading.Spec is null ? ExitCode.BadInput : ExitCode.Ok;
    }

    private static void Describe(string file, JobSpec spec, TextWriter output)
    {
        output.WriteLine($"{file} is right: job '{spec.Name}', {spec.Variants.Count} {(spec.Variants.Count == 1 ? "variant" : "variants")}");
        foreach (var variant in spec.Variants)
            output.WriteLine($"  {variant.Name}");
    }

    private static string ToJson(JobReading reading) => new JsonObject
    {
        ["file"] = reading.File,
        ["valid"] = reading.Spec is not null,
        ["faults"] = JsonSerializer.SerializeToNode(reading.Faults, ContractsJson.Options),
        ["job"] = JsonSerializer.SerializeToNode(reading.Spec, ContractsJson.Options),
    }.ToJsonString(ContractsJson.Indented);
}
