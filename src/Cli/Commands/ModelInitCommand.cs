using System.CommandLine;
using Pipeline.Cli.Help;
using Pipeline.Segmentation.Lisa;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline model init</c>: a small checkpoint with random weights, to try the system without a download.</summary>
public static class ModelInitCommand
{
    public static Command Create()
    {
        var preset = new Option<string>("--preset") { HelpName = string.Join('|', LisaPresets.Names), Description = "Sizes of the model.", Required = true };
        preset.AcceptOnlyFromAmong([.. LisaPresets.Names]);
        var folder = new Option<string>("--out") { HelpName = "DIR", Description = "Folder of the checkpoint.", Required = true };
        var seed = new Option<int>("--seed") { HelpName = "S", Description = "Seed of the weights; the same seed gives the same bytes. Default 0." };
        var command = new DocumentedCommand("init", "Write a small LISA checkpoint with random weights; its masks mean nothing.")
        {
            Group = "Models",
            Examples = ["pipeline model init --preset tiny --out models/tiny"],
        };
        foreach (var option in (Option[])[preset, folder, seed])
            command.Options.Add(option);
        command.SetAction(line => Execute(line.GetRequiredValue(preset), line.GetRequiredValue(folder), line.GetValue(seed), line.InvocationConfiguration.Output));
        return command;
    }

    public static int Execute(string preset, string folder, int seed, TextWriter output)
    {
        LisaPresets.Write(preset, folder, seed);
        output.WriteLine($"{folder}: LISA checkpoint '{preset}' with random weights, seed {seed}");
        return ExitCode.Ok;
    }
}
