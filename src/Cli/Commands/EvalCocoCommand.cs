using System.CommandLine;
using System.Text.Json.Nodes;
using Pipeline.Cli.Help;
using Pipeline.Evaluation.Coco;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline eval coco</c>: COCO's 12 numbers of any detections, as pycocotools computes and prints them.</summary>
public static class EvalCocoCommand
{
    /// <summary>What to score.</summary>
    /// <param name="Truth">Instances file.</param>
    /// <param name="Detections">Results file.</param>
    public sealed record Options(string Truth, string Detections, CocoIouType Type, bool Json);

    public static Command Create()
    {
        var truth = new Option<string>("--gt") { HelpName = "FILE", Description = "Ground truth: COCO instances, {images, categories, annotations}.", Required = true };
        var detections = new Option<string>("--dt") { HelpName = "FILE", Description = "Detections: COCO results, a list of {image_id, category_id, score, segmentation or bbox}.", Required = true };
        var type = new Option<string>("--type") { HelpName = "segm|bbox", Description = "Compare masks or boxes. Default segm.", DefaultValueFactory = _ => "segm" };
        type.AcceptOnlyFromAmong("segm", "bbox");
        var json = new Option<bool>("--json") { Description = "Answer in JSON: {stats[12]}, in the order of the table." };
        var command = new DocumentedCommand("coco", "Average precision and recall of detections, to pycocotools' last digit.")
        {
            Group = "Results",
            Examples = ["pipeline eval coco --gt instances_val2017.json --dt results.json", "pipeline eval coco --gt gt.json --dt dt.json --type bbox --json"],
        };
        foreach (var option in (Option[])[truth, detections, type, json])
            command.Options.Add(option);
        command.SetAction(line => Execute(
            new Options(
                line.GetRequiredValue(truth),
                line.GetRequiredValue(detections),
                line.GetRequiredValue(type) == "bbox" ? CocoIouType.Bbox : CocoIouType.Segm,
                line.GetValue(json)),
            line.InvocationConfiguration.Output,
            line.InvocationConfiguration.Error));
        return command;
    }

    /// <exception cref="InvalidDataException">A file is not as documented; the message names file and place.</exception>
    /// <exception cref="FileNotFoundException">A file is not there.</exception>
    public static int Execute(Options options, TextWriter output, TextWriter error)
    {
        Require(options.Truth, "a COCO instances file");
        Require(options.Detections, "a COCO results file");
        var truth = CocoInstances.Read(options.Truth, options.Type);
        var detections = CocoResults.Read(options.Detections, truth, options.Type);
        var unlisted = detections.Count(detection => !truth.Categories.ContainsKey(detection.Category));
        if (unlisted > 0)
            error.WriteLine($"note: {unlisted} of {detections.Count} detections have a category that {truth.File} does not list; they do not count, as in pycocotools");
        var accuracy = CocoEvaluation.Run(truth.Truths, detections, new CocoQuestion([.. truth.Images.Keys], [.. truth.Categories.Keys], options.Type));
        if (options.Json)
        {
            output.WriteLine(new JsonObject { ["stats"] = new JsonArray([.. accuracy.Statistics.Select(statistic => JsonValue.Create(statistic.Value))]) }.ToJsonString());
            return ExitCode.Ok;
        }

        foreach (var statistic in accuracy.Statistics)
            output.WriteLine(statistic.Line);
        return ExitCode.Ok;
    }

    private static void Require(string path, string right)
    {
        if (Directory.Exists(path))
            throw new InvalidDataException($"{path} is a folder; expected {right}");
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path} does not exist; expected {right}");
    }
}
