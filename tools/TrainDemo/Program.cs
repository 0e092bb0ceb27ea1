using System.CommandLine;
using Pipeline.TrainDemo.Commands;

var root = new RootCommand("Trains and measures the demo model.") { TrainCommand.Create(), EvaluateCommand.Create() };
return await root.Parse(args).InvokeAsync();
