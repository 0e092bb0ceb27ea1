using System.CommandLine;
using Pipeline.Cli;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Run;
using Pipeline.Segmentation;

var catalog = new ModelCatalog();
var app = new CommandLineApp(
[
    RunCommand.Create(catalog, EmbeddedRun.ExecuteAsync, TimeProvider.System),
    ValidateCommand.Create(catalog),
    ResultsCommand.Create(),
    PruneCommand.Create(catalog),
    AskCommand.Create(catalog),
    SubmitCommand.Create(),
    JobsCommand.Create(),
    WatchCommand.Create(),
    ReportCommand.Create(),
    ExportCommand.Create(),
    .. JobCommands.Create(),
    WorkersCommand.Create(),
    KeyCommands.Create(TimeProvider.System),
    UpCommand.Create(),
    DownCommand.Create(),
    OrchestratorCommand.Create(catalog),
    new Command("dataset", "Make and look at datasets.") { DatasetSynthCommand.Create(), DatasetInspectCommand.Create(TimeProvider.System) },
    new Command("eval", "Score results.") { EvalCocoCommand.Create() },
    new Command("model", "Make and check models.")
    {
        ModelInitCommand.Create(),
        ModelInspectCommand.Create(),
        ModelConvertCommand.Create(),
        ModelVerifyCommand.Create(),
        ModelFlopsCommand.Create(catalog),
    },
]);

using var interruption = new Interruption();
return await app.RunAsync(args, Console.Out, Console.Error, interruption.Token);
