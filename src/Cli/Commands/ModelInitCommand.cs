using System.CommandLine;
using Pipeline.Cli.Help;
using Pipeline.Segmentation.Lisa;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline model init</c>: a checkpoint with random weights, to try the system without a download.</summary>
public static class ModelInitCommand
{
    public static Command Create()
    {
        var preset = new Option<string>("--preset") { HelpName = string.Join('|', LisaPresets.Names), Description = "Sizes of the model: a small one, or those of LISA-7B (15.4 GB) and LISA-13B (28 GB).", Required = true };
        preset.AcceptOnlyFromAmong([.. LisaPresets.Names]);
        var folder = new Option<string>("--out") { HelpName = "DIR", Description = "Folder of the checkpoint.", Required = true };
        var seed = new Option<int>("--seed") { HelpName = "S", Description = "Seed of the weights; the same seed gives the same bytes. Default 0." };
        var command = new DocumentedCommand("init", "Write a LISA checkpoint with random weights; its masks mean nothing.")
        {
            Group = "Models",
            Examples = ["pipeline model init --preset tiny --out models/tiny", "pipeline model init --preset lisa-7b --out models/random-7b"],
        };
        foreach (var option in (Option[])[preset, folder, seed])
            command.Options.Add(option);
        command.SetAction((line, token) =>
            Task.FromResult(Execute(line.GetRequiredValue(preset), line.GetRequiredValue(folder), line.GetValue(seed), line.InvocationConfiguration.Output, line.InvocationConfiguration.Error, token)));
        return command;
    }

    public static int Execute(string preset, string folder, int seed, TextWriter output, TextWriter news, CancellationToken token)
    {
        LisaPresets.Write(preset, folder, seed, path => news.WriteLine(WrittenFile.Line(path)), token);
        output.WriteLine($"{folder}: LISA checkpoint '{preset}' with random weights, seed {seed}");
        return ExitCode.Ok;
    }
}
