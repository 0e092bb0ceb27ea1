using System.CommandLine;
using Pipeline.Segmentation.Checkpoints;
using Pipeline.TrainDemo.Commands;

const int BadInput = 2;
var root = new RootCommand("Trains and measures the demo model.") { TrainCommand.Create(), EvaluateCommand.Create() };
try
{
    // A training that is told to stop finishes its step and writes its state.
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
}
catch (Exception fault) when (fault is CheckpointException or InvalidDataException or IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync(fault.Message);
    return BadInput;
}
