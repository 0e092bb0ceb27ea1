using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Pipeline.Cli.Help;
using Pipeline.Cli.Synthesis;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Synthetic;
using Pipeline.Contracts.Text;
using Pipeline.Segmentation.Images;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline dataset synth</c>: synthetic scenes as a dataset on disk, in any format there is a reader for.</summary>
public static class DatasetSynthCommand
{
    private const int JpegQuality = 95;

    /// <summary>What to write.</summary>
    /// <param name="Count">Scenes.</param>
    /// <param name="Folder">Gets the dataset.</param>
    /// <param name="Format">Of the dataset: <c>manifest</c>, <c>reasonseg</c>, <c>refcoco</c> or <c>coco</c>.</param>
    /// <param name="Images"><c>png</c> (the very pixels of the scenes) or <c>jpeg</c>; null for what the format usually has.</param>
    /// <param name="Expressions">Of each scene.</param>
    public sealed record Options(int Count, string Folder, int Seed, int Width, int Height, string Format, string? Images, SyntheticSplit Split, int Expressions);

    public static Command Create()
    {
        var count = new Option<int>("--count") { HelpName = "N", Description = "Scenes to make.", Required = true };
        var folder = new Option<string>("--out") { HelpName = "DIR", Description = "Folder for the dataset.", Required = true };
        var seed = new Option<int>("--seed") { HelpName = "S", Description = "Seed of the scenes; the same seed gives the same files. Default 0." };
        var size = new Option<(int Width, int Height)>("--size")
        {
            HelpName = "WxH",
            Description = $"Pixels, {SyntheticScenes.LeastSide} to {SyntheticScenes.GreatestSide} a side. Default 256x256.",
            DefaultValueFactory = _ => (256, 256),
            CustomParser = result => ParseSize(result.Tokens[0].Value, result.AddError),
        };
        var split = new Option<SyntheticSplit>("--split")
        {
            HelpName = "NAME",
            Description = $"Part of the scenes: {Suggestion.OneOf(SyntheticSplits.Names)}. Default heldout.",
            CustomParser = result => ParseSplit(result.Tokens[0].Value, result.AddError),
        };
        var expressions = new Option<int>("--expressions")
        {
            HelpName = "N",
            Description = $"Expressions of each scene, 1 to {SyntheticScenes.MostExpressions}. Default {SyntheticScenes.ExpressionsPerScene}.",
            DefaultValueFactory = _ => SyntheticScenes.ExpressionsPerScene,
        };
        var format = new Option<string>("--format")
        {
            HelpName = "NAME",
            Description = $"Layout of the dataset: {Suggestion.OneOf(SceneLayouts.Formats)}. Default manifest.",
            DefaultValueFactory = _ => "manifest",
        };
        var images = new Option<string>("--images") { HelpName = "png|jpeg", Description = "Image files; png keeps every pixel. Default png with manifest, else jpeg." };
        images.AcceptOnlyFromAmong("png", "jpeg");
        format.Validators.Add(result => CheckFormat(result, images));
        count.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, CultureInfo.InvariantCulture, out var value) && value < 1)
                result.AddError($"--count {value} is below 1; use 1 or more");
        });
        expressions.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, CultureInfo.InvariantCulture, out var value) && value is < 1 or > SyntheticScenes.MostExpressions)
                result.AddError($"--expressions {value} is not 1 to {SyntheticScenes.MostExpressions}");
        });
        var command = new DocumentedCommand("synth", "Write a synthetic dataset: images, expressions, exact masks, in any format that is read.")
        {
            Group = "Datasets",
            Examples =
            [
                "pipeline dataset synth --count 1000 --out data/scenes",
                "pipeline dataset synth --count 50 --out data/wide --seed 7 --size 640x480 --images jpeg",
                "pipeline dataset synth --count 100 --out data/refer_seg --format refcoco",
                "pipeline dataset synth --count 200 --out data/crowded --split crowded --expressions 12",
            ],
        };
        foreach (var option in (Option[])[count, folder, seed, size, split, expressions, format, images])
            command.Options.Add(option);
        command.SetAction((line, token) => ExecuteAsync(
            new Options(
                line.GetValue(count),
                line.GetRequiredValue(folder),
                line.GetValue(seed),
                line.GetValue(size).Width,
                line.GetValue(size).Height,
                line.GetRequiredValue(format),
                line.GetValue(images),
                line.GetValue(split),
                line.GetValue(expressions)),
            line.InvocationConfiguration.Output,
            token));
        return command;
    }

    /// <summary>Draws the scenes on all cores; what makes the dataset complete appears last.</summary>
    /// <exception cref="InvalidDataException">The folder holds such a dataset already.</exception>
    public static async Task<int> ExecuteAsync(Options options, TextWriter output, CancellationToken token)
    {
        var target = SceneLayouts.TargetOf(options.Format, options.Folder);
        if (Path.Exists(target))
            throw new InvalidDataException($"{target} exists; choose another folder or delete it");
        await using var layout = SceneLayouts.Open(options.Format, options.Folder);
        var (batch, expressions) = (Environment.ProcessorCount * 4, 0L);
        for (var start = 0; start < options.Count; start += batch)
        {
            var scenes = new DrawnScene[Math.Min(batch, options.Count - start)];
            Parallel.For(0, scenes.Length, new ParallelOptions { CancellationToken = token }, i => layout.WriteImage(scenes[i] = Draw(options, start + i)));
            foreach (var scene in scenes)
                await layout.AddAsync(scene, token);
            expressions += scenes.Sum(scene => scene.Scene.Expressions.Count);
            ReportTenths(output, start, start + scenes.Length, options.Count);
        }

        await layout.CompleteAsync();
        await output.WriteLineAsync($"{target}: {options.Count} {(options.Count == 1 ? "image" : "images")}, {expressions} expressions with masks");
        return ExitCode.Ok;
    }

    private static DrawnScene Draw(Options options, int index)
    {
        var scene = SyntheticScenes.Render(new SyntheticScene(options.Seed, index, options.Width, options.Height, options.Split), options.Expressions);
        var image = new RgbImage(scene.Width, scene.Height, scene.Rgb);
        var png = (options.Images ?? SceneLayouts.ImagesOf(options.Format)[0]) == "png";
        var name = string.Create(CultureInfo.InvariantCulture, $"scene-{index:D7}");
        return new DrawnScene(index, name, scene, png ? ImageCodec.EncodePng(image) : ImageCodec.EncodeJpeg(image, JpegQuality), png ? ".png" : ".jpg");
    }

    private static void CheckFormat(OptionResult format, Option<string> images)
    {
        if (format.Tokens is not [var token])
            return;
        if (!SceneLayouts.Formats.Contains(token.Value))
            format.AddError($"--format '{token.Value}' is not known{(token.Value is "png" or "jpeg" ? $"; use --images {token.Value}" : Suggestion.For(token.Value, SceneLayouts.Formats))}");
        else if (format.GetResult(images) is { Tokens: [var kind] } && !SceneLayouts.ImagesOf(token.Value).Contains(kind.Value))
            format.AddError($"--images {kind.Value}: the images of {token.Value} are {Suggestion.OneOf(SceneLayouts.ImagesOf(token.Value))} files");
    }

    private static void ReportTenths(TextWriter output, int before, int done, int count)
    {
        if (done < count && (long)done * 10 / count > (long)before * 10 / count)
            output.WriteLine($"{done} of {count}");
    }

    private static SyntheticSplit ParseSplit(string name, Action<string> refuse)
    {
        try
        {
            return SyntheticSplits.Parse(name);
        }
        catch (FormatException fault)
        {
            refuse($"--split {fault.Message}");
            return default;
        }
    }

    private static (int Width, int Height) ParseSize(string text, Action<string> refuse)
    {
        if (text.Split('x') is [var width, var height] && Side(width) is { } w && Side(height) is { } h)
            return (w, h);
        refuse($"--size {text} is not WxH with sides of {SyntheticScenes.LeastSide} to {SyntheticScenes.GreatestSide} pixels, such as 640x480");
        return default;
    }

    private static int? Side(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var side) && side is >= SyntheticScenes.LeastSide and <= SyntheticScenes.GreatestSide
            ? side
            : null;
}
