using System.CommandLine;
using Pipeline.TrainDemo.Model;
using Pipeline.TrainDemo.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Commands;

/// <summary><c>train-demo train</c>: from random weights to a checkpoint.</summary>
internal static class TrainCommand
{
    /// <summary>Exit status of a training that was interrupted and can be continued.</summary>
    private const int Interrupted = 130;

    public static Command Create()
    {
        var output = new Option<string?>("--out") { HelpName = "DIR", Description = "Gets the trained checkpoint. Default WORK/model." };
        var work = new Option<string?>("--work") { HelpName = "DIR", Description = "Keeps the state that a training continues from, and its curve. Default out/train-RECIPE." };
        var recipe = new Option<string>("--recipe") { HelpName = "NAME", Description = $"One of {string.Join(", ", Recipe.All.Keys)}.", DefaultValueFactory = _ => Recipe.Demo.Name };
        recipe.AcceptOnlyFromAmong([.. Recipe.All.Keys]);
        var seed = new Option<int?>("--seed") { HelpName = "S", Description = "Of weights and scenes. Default: the recipe's." };
        var device = new Option<string>("--device") { HelpName = "cpu|cuda", Description = "Where it computes.", DefaultValueFactory = _ => "cpu" };
        device.AcceptOnlyFromAmong("cpu", "cuda");
        var command = new Command("train", "Train from random weights, or continue where the last training of the same recipe stopped.") { output, work, recipe, seed, device };
        command.SetAction((line, stop) =>
        {
            var chosen = Recipe.All[line.GetRequiredValue(recipe)];
            chosen = line.GetValue(seed) is { } given ? chosen with { Seed = given } : chosen;
            var folder = line.GetValue(work) ?? $"out/train-{chosen.Name}";
            return Task.Run(() => Train(chosen, folder, line.GetValue(output) ?? Path.Combine(folder, "model"), new Device(line.GetRequiredValue(device)), line.InvocationConfiguration.Output, stop), CancellationToken.None);
        });
        return command;
    }

    private static int Train(Recipe recipe, string work, string output, Device device, TextWriter log, CancellationToken stop)
    {
        // Each rank computes alone; more threads inside an operator would only wait for each other.
        if (device.type == DeviceType.CPU)
            set_num_threads(1);
        if (device.type == DeviceType.CUDA && !cuda.is_available())
            throw new InvalidDataException("--device cuda: this machine's libtorch has no CUDA; use cpu");
        Directory.CreateDirectory(work);
        using var model = TrainableModel.Create(Path.Combine(work, "initial"), recipe.Sizes, recipe.Seed, device);
        var options = new TrainerOptions { StateFile = Path.Combine(work, "state.safetensors"), CurveFile = Path.Combine(work, "curve.csv") };
        log.WriteLine($"recipe {recipe.Name} ({recipe.Fingerprint}), seed {recipe.Seed}, {recipe.Ranks} ranks, {model.ParameterCount:N0} parameters, on {device}");
        if (!new Trainer(model, recipe, options, log).Run(stop))
        {
            log.WriteLine($"Stopped; the same command continues from {options.StateFile}.");
            return Interrupted;
        }

        model.Export(output);
        log.WriteLine($"Wrote {output}.");
        return 0;
    }
}
