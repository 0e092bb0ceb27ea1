using System.CommandLine;
using System.Globalization;
using Pipeline.Contracts.Manifests;
using Pipeline.TrainDemo.Training;
using static TorchSharp.torch;

namespace Pipeline.TrainDemo.Commands;

/// <summary><c>train-demo evaluate</c>: a checkpoint, as the pipeline runs it, on a split of the synthetic scenes.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var model = new Option<string>("--model") { HelpName = "DIR", Description = "A LISA checkpoint.", DefaultValueFactory = _ => "models/demo" };
        var split = new Option<string>("--split") { HelpName = "NAME", Description = $"One of {string.Join(", ", SyntheticSplits.Names)}.", DefaultValueFactory = _ => SyntheticSplits.Name(SyntheticSplit.Heldout) };
        split.AcceptOnlyFromAmong([.. SyntheticSplits.Names]);
        var count = new Option<int>("--scenes") { HelpName = "N", Description = "Scenes, twelve expressions each.", DefaultValueFactory = _ => 400 };
        var seed = new Option<int>("--seed") { HelpName = "S", Description = "Of the scenes.", DefaultValueFactory = _ => 0 };
        var shuffled = new Option<bool>("--shuffled") { Description = "Ask each image for what another one shows: a model that does not listen would score as well as before." };
        var threads = new Option<int>("--threads") { HelpName = "N", Description = "Scenes at the same time.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var command = new Command("evaluate", "Measure a checkpoint on synthetic scenes, without pruning.") { model, split, count, seed, shuffled, threads };
        RequirePositive(count);
        RequirePositive(threads);
        command.SetAction(line =>
        {
            set_num_threads(1);
            var scenes = new SplitEvaluation(line.GetRequiredValue(model), SyntheticSplits.Parse(line.GetRequiredValue(split)), line.GetValue(seed), line.GetValue(count));
            var score = scenes.Measure(line.GetValue(threads), line.GetValue(shuffled));
            line.InvocationConfiguration.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{line.GetValue(model)} on {line.GetValue(count)} scenes of {line.GetValue(split)}, seed {line.GetValue(seed)}{(line.GetValue(shuffled) ? ", expressions of other scenes" : "")}: {score.Count} expressions, {score}"));
        });
        return command;
    }

    private static void RequirePositive(Option<int> option) => option.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && int.TryParse(token.Value, CultureInfo.InvariantCulture, out var value) && value < 1)
            result.AddError($"{option.Name} {value} is below 1; use 1 or more");
    });
}
