using System.CommandLine;
using Pipeline.TrainDemo.Commands;

var root = new RootCommand("Trains and measures the demo model.") { TrainCommand.Create(), EvaluateCommand.Create() };
// A training that is told to stop finishes its step and writes its state.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
