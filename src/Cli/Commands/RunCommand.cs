using System.CommandLine;
using System.Globalization;
using Pipeline.Cli.Help;
using Pipeline.Cli.Run;
using Pipeline.Contracts.Jobs;
using Pipeline.Contracts.Models;
using Pipeline.GpuWorker.Hosting;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline run JOB</c>: a whole job in this process.</summary>
public static class RunCommand
{
    /// <summary>Runs a job that was read without faults; gives one of <see cref="ExitCode"/>.</summary>
    public delegate Task<int> Runner(
        JobSpec spec, ModelDescription model, EmbeddedRunOptions options, TextWriter output, TextWriter error, CancellationToken token);

    /// <param name="run">Plans, processes and reports the job in this process.</param>
    /// <param name="time">Names the folder of a run that is given none.</param>
    public static Command Create(IModelCatalog catalog, Runner run, TimeProvider time)
    {
        var job = new Argument<string>("job") { HelpName = "JOB", Description = "Job file, YAML or JSON; docs/jobs.md describes it." };
        var folder = new Option<string>("--out") { HelpName = "DIR", Description = "Folder for artifacts, ledger and report. Default out/NAME/TIME." };
        var ledger = new Option<string>("--ledger") { HelpName = "CONNECTION", Description = "PostgreSQL to keep the ledger in. Default: a private cluster under DIR, started and stopped by the run." };
        var slots = Slots();
        var command = new DocumentedCommand("run", "Run a job in this process: plan, process, store, report.")
        {
            Group = "Jobs",
            Examples =
            [
                "pipeline run examples/quickstart.yaml",
                "pipeline run job.yaml --out out/ablation",
                "pipeline run job.yaml --ledger 'Host=db;Database=pipeline;Username=pipeline'",
            ],
        };
        command.Arguments.Add(job);
        command.Options.Add(folder);
        command.Options.Add(ledger);
        command.Options.Add(slots);
        command.SetAction((line, token) => ExecuteAsync(
            JobFile.Read(line.GetRequiredValue(job), catalog),
            line.GetValue(folder),
            line.GetValue(ledger),
            line.GetValue(slots),
            run,
            time,
            line.InvocationConfiguration.Output,
            line.InvocationConfiguration.Error,
            token));
        return command;
    }

    /// <param name="folder">Null for <c>out/NAME/TIME</c>.</param>
    /// <param name="slots">Null to go by cores, checkpoint and memory.</param>
    public static async Task<int> ExecuteAsync(
        JobReading reading, string? folder, string? ledger, int? slots, Runner run, TimeProvider time, TextWriter output, TextWriter error, CancellationToken token)
    {
        if (reading.Spec is null || reading.Model is null)
        {
            FaultText.Write(reading, error);
            return ExitCode.BadInput;
        }

        var now = time.GetLocalNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var options = new EmbeddedRunOptions(folder ?? Path.Combine("out", reading.Spec.Name, now), ledger, reading.File, slots);
        return await run(reading.Spec, reading.Model, options, output, error, token);
    }

    private static Option<int?> Slots()
    {
        var slots = new Option<int?>("--slots")
        {
            HelpName = "N",
            Description = $"Shards run at once, 1 to {WorkerOptions.MostSlots}, each with a model of its own. Default: one per core on a CPU with memory for that, else 1.",
        };
        slots.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= WorkerOptions.MostSlots))
                result.AddError($"--slots {token.Value} is no number of shards; use 1 to {WorkerOptions.MostSlots}");
        });
        return slots;
    }
}
