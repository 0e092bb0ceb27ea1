using System.CommandLine;
using Pipeline.Cli;
using Pipeline.Cli.Commands;

var app = new CommandLineApp(
    new Command("dataset", "Make datasets.") { DatasetSynthCommand.Create() },
    new Command("model", "Make and check models.") { ModelVerifyCommand.Create() });

using var interruption = new Interruption();
return await app.RunAsync(args, Console.Out, Console.Error, interruption.Token);
