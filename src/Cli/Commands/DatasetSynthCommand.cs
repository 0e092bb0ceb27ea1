using System.CommandLine;
using System.Globalization;
using Pipeline.Cli.Help;
using Pipeline.Contracts.Manifests;
using Pipeline.Contracts.Synthetic;
using Pipeline.Contracts.Text;
using Pipeline.Segmentation.Images;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline dataset synth</c>: synthetic scenes as image files with a manifest.</summary>
public static class DatasetSynthCommand
{
    private const int JpegQuality = 95;

    /// <summary>What to write.</summary>
    /// <param name="Count">Scenes.</param>
    /// <param name="Folder">Gets <c>manifest.jsonl</c> and <c>images/</c>.</param>
    /// <param name="Format"><c>png</c> (the very pixels of the scenes) or <c>jpeg</c>.</param>
    /// <param name="Expressions">Of each scene.</param>
    public sealed record Options(int Count, string Folder, int Seed, int Width, int Height, string Format, SyntheticSplit Split, int Expressions);

    public static Command Create()
    {
        var count = new Option<int>("--count") { HelpName = "N", Description = "Scenes to make.", Required = true };
        var folder = new Option<string>("--out") { HelpName = "DIR", Description = "Folder for manifest.jsonl and images/.", Required = true };
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
        var format = new Option<string>("--format") { HelpName = "png|jpeg", Description = "File format; png keeps every pixel. Default png.", DefaultValueFactory = _ => "png" };
        format.AcceptOnlyFromAmong("png", "jpeg");
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
        var command = new DocumentedCommand("synth", "Write a synthetic dataset: images, expressions, exact masks, in the manifest format.")
        {
            Group = "Datasets",
            Examples =
            [
                "pipeline dataset synth --count 1000 --out data/scenes",
                "pipeline dataset synth --count 50 --out data/wide --seed 7 --size 640x480 --format jpeg",
                "pipeline dataset synth --count 200 --out data/crowded --split crowded --expressions 12",
            ],
        };
        foreach (var option in (Option[])[count, folder, seed, size, split, expressions, format])
            command.Options.Add(option);
        command.SetAction((line, token) => ExecuteAsync(
            new Options(
                line.GetValue(count),
                line.GetRequiredValue(folder),
                line.GetValue(seed),
                line.GetValue(size).Width,
                line.GetValue(size).Height,
                line.GetRequiredValue(format),
                line.GetValue(split),
                line.GetValue(expressions)),
            line.InvocationConfiguration.Output,
            token));
        return command;
    }

    /// <summary>Draws the scenes on all cores; the manifest appears last, so a folder with a manifest is complete.</summary>
    /// <exception cref="InvalidDataException">The folder holds a manifest already.</exception>
    public static async Task<int> ExecuteAsync(Options options, TextWriter output, CancellationToken token)
    {
        var manifest = Path.Combine(options.Folder, "manifest.jsonl");
        if (File.Exists(manifest))
            throw new InvalidDataException($"{manifest} exists; choose another folder or delete it");
        Directory.CreateDirectory(Path.Combine(options.Folder, "images"));
        var unfinished = manifest + ".unfinished";
        var (batch, expressions) = (Environment.ProcessorCount * 4, 0L);
        await using (var writer = new ManifestWriter(unfinished))
        {
            for (var start = 0; start < options.Count; start += batch)
            {
                var samples = new Sample[Math.Min(batch, options.Count - start)];
                Parallel.For(0, samples.Length, new ParallelOptions { CancellationToken = token }, i => samples[i] = Draw(options, start + i));
                foreach (var sample in samples)
                    await writer.WriteAsync(sample, token);
                expressions += samples.Sum(sample => sample.Expressions.Count);
                ReportTenths(output, start, start + samples.Length, options.Count);
            }
        }

        File.Move(unfinished, manifest);
        await output.WriteLineAsync($"{manifest}: {options.Count} {(options.Count == 1 ? "image" : "images")}, {expressions} expressions with masks");
        return ExitCode.Ok;
    }

    private static Sample Draw(Options options, int index)
    {
        var scene = SyntheticScenes.Render(new SyntheticScene(options.Seed, index, options.Width, options.Height, options.Split), options.Expressions);
        var image = new RgbImage(scene.Width, scene.Height, scene.Rgb);
        var name = string.Create(CultureInfo.InvariantCulture, $"scene-{index:D7}");
        var path = Path.Combine(options.Folder, "images", options.Format == "png" ? $"{name}.png" : $"{name}.jpg");
        File.WriteAllBytes(path, options.Format == "png" ? ImageCodec.EncodePng(image) : ImageCodec.EncodeJpeg(image, JpegQuality));
        var expressions = scene.Expressions
            .Select(expression => expression.ToExpression(new MaskSource { Rle = expression.Mask }))
            .ToArray();
        return new Sample(name, new ImageSource { Path = path }, ContentHash: null, expressions);
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
